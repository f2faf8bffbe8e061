#ifndef DATELINE_TESTS_SUPPORT_SANITIZED_H_
#define DATELINE_TESTS_SUPPORT_SANITIZED_H_

namespace dateline {

// Whether this is a build for a sanitizer that takes memory and time of its
// own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kIsSanitized =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace dateline

#endif  // DATELINE_TESTS_SUPPORT_SANITIZED_H_
