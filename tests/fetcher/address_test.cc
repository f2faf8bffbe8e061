#include "fetcher/core/address.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

IpAddress Address(const char* text) { return ParseIpAddress(text).value(); }

TEST(AddressTest, PublicAddressesArePublic) {
  for (const char* text :
       {"1.1.1.1", "9.9.9.9", "100.63.255.255", "100.128.0.0", "172.15.0.1",
        "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001::1", "2400:cb00::1"}) {
    EXPECT_TRUE(IsPublic(Address(text))) << text;
  }
}

TEST(AddressTest, SpecialAddressesAreNotPublic) {
  for (const char* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fe80::1",
                           "ff02::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:c000:204::1",
                           "3fff::1",
                           "100::1",
                           "4000::1",
                           "fec0::1"}) {
    EXPECT_FALSE(IsPublic(Address(text))) << text;
  }
}

TEST(AddressTest, WrappedAddressesAreJudgedByWhatTheyStandFor) {
  EXPECT_FALSE(IsPublic(Address("::ffff:127.0.0.1")));
  EXPECT_FALSE(IsPublic(Address("::ffff:10.0.0.1")));
  EXPECT_FALSE(IsPublic(Address("64:ff9b::a9fe:a9fe")));
  EXPECT_FALSE(IsPublic(Address("64:ff9b:1::1")));
  EXPECT_FALSE(IsPublic(Address("::127.0.0.1")));
  EXPECT_TRUE(IsPublic(Address("::ffff:1.1.1.1")));
  EXPECT_TRUE(IsPublic(Address("64:ff9b::101:101")));
  EXPECT_TRUE(IsLoopback(Address("::ffff:127.0.0.1")));
}

TEST(AddressTest, KnowsLoopbackHosts) {
  EXPECT_TRUE(IsLoopbackHost("localhost"));
  EXPECT_TRUE(IsLoopbackHost("a.localhost"));
  EXPECT_TRUE(IsLoopbackHost("127.4.5.6"));
  EXPECT_TRUE(IsLoopbackHost("[::1]"));
  EXPECT_FALSE(IsLoopbackHost("localhost.example"));
  EXPECT_FALSE(IsLoopbackHost("10.0.0.1"));
}

TEST(AddressTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "localhost", "1.2.3", "1.2.3.4.5", "01.2.3.4",
                           "0x7f.1", "::g", "1.2.3.4/8"}) {
    EXPECT_FALSE(ParseIpAddress(text).ok()) << text;
  }
}

TEST(AddressTest, PrintsWhatItParses) {
  for (const char* text : {"192.0.2.1", "2001:db8::1", "::"}) {
    EXPECT_EQ(ToString(Address(text)), text);
  }
}

TEST(AddressRangesTest, HoldsRangesAndSingleAddresses) {
  const AddressRanges ranges =
      AddressRanges::Parse("127.0.0.0/8, ::1,10.0.0.0/9 ,fd00::/8").value();
  for (const char* text : {"127.0.0.1", "127.9.9.9", "::1", "10.127.0.1",
                           "fd12::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(ranges.Contains(Address(text))) << text;
  }
  for (const char* text : {"128.0.0.1", "::2", "10.128.0.1", "fc00::1"}) {
    EXPECT_FALSE(ranges.Contains(Address(text))) << text;
  }
}

TEST(AddressRangesTest, SaysWhichPartIsWrong) {
  for (const char* list : {"10.0.0.0/33", "10.0.0.0/8/8", "ten", "::/129",
                           "10.0.0.0/-1", "10.0.0.0/"}) {
    const auto ranges = AddressRanges::Parse(list);
    ASSERT_FALSE(ranges.ok()) << list;
    EXPECT_THAT(std::string(ranges.status().message()),
                testing::HasSubstr(list));
  }
  EXPECT_FALSE(AddressRanges::Parse("").value().Contains(Address("1.1.1.1")));
}

TEST(AddressPolicyTest, AsksOnlyLoopbackWithoutContact) {
  AddressPolicy policy;
  policy.allowed = AddressRanges::Parse("127.0.0.0/8,10.0.0.0/8").value();
  EXPECT_EQ(Judge(policy, Address("127.0.0.1")), AddressVerdict::kAllowed);
  EXPECT_EQ(Judge(policy, Address("10.0.0.1")), AddressVerdict::kNoContact);
  EXPECT_EQ(Judge(policy, Address("1.1.1.1")), AddressVerdict::kNoContact);
  EXPECT_EQ(Judge(policy, Address("::1")), AddressVerdict::kNotPublic);
  policy.has_contact = true;
  EXPECT_EQ(Judge(policy, Address("1.1.1.1")), AddressVerdict::kAllowed);
  EXPECT_EQ(Judge(policy, Address("10.0.0.1")), AddressVerdict::kAllowed);
  EXPECT_EQ(Judge(policy, Address("192.168.0.1")), AddressVerdict::kNotPublic);
}

}  // namespace
}  // namespace dateline::fetcher
