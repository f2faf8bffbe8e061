#ifndef DATELINE_PARSER_CORE_BYLINE_WORDS_H_
#define DATELINE_PARSER_CORE_BYLINE_WORDS_H_

#include "absl/strings/string_view.h"

// The words that bylines are made of, in lower case.
// clang-format off

namespace dateline {

// Lower case, longest first where one begins with another. Those that end in a
// letter must be followed by a space or a colon.
inline constexpr absl::string_view kOpenings[] = {
    "diposting oleh", "dilaporkan oleh", "ditulis oleh", "γράφει ο",
    "γράφει η", "ผู้เขียน", "โดย", "كتبت:", "كتب:", "بقلم", "إعداد", "تحریر",
    "מאת", "लेखक", "द्वारा", "লেখক", "기자명", "本报记者", "本報記者", "本网记者",
    "tác giả", "muhabir",
    "propos recueillis par", "ein gastbeitrag von", "veröffentlicht von",
    "words and photos by", "article written by", "ein kommentar von",
    "ein interview von", "photo and text by", "eine kolumne von",
    "eine analyse von", "ein beitrag von", "ein artikel von",
    "geschrieben von", "geschreven door", "责任编辑：", "gespeichert von",
    "eingestellt von", "hochgeladen von", "написал", "interview von",
    "kommentar von", "publicado por", "pubblicato da", "foto og tekst",
    "text och foto", "redaktion von", "published by", "submitted by",
    "reporting by", "verfasst von", "rédigé par", "автори", "авторы",
    "kirjoittanut", "erstellt von", "reported by", "compiled by",
    "artikel von", "bericht von", "beitrag von", "redakteurin", "publié par",
    "escrito por", "articolo di", "автор:", "текст:", "kirjoittaja",
    "written by", "article by", "redaktion:", "écrit par", "scritto da",
    "skrevet av", "skrevet af", "skriven av", "автор", "created by",
    "posted by", "edited by", "redakteur", "a cura di", "napisała", "作者：",
    "责编：", "story by", "words by", "from our", "text von", "autor/in",
    "autor:in", "napisał", "szerző:", "text by", "autorin", "autoren",
    "autorzy", "auteurs", "authors", "penulis", "作者:", "tekst:", "autora",
    "autore", "auteur", "author", "haber:", "teksti", "írta:", "文／", "记者",
    "記者", "文：", "筆者", "執筆", "autor", "tekst", "texte", "texto", "testo",
    "przez", "yazan", "bởi", "door:", "door", "text", "oleh", "文/", "von",
    "par", "por", "vom", "di", "da", "av", "af", "by", "de"};

// What follows a name on a byline and is no name: roles, labels, places of
// work.
inline constexpr absl::string_view kRoles[] = {
    "staff writer", "staff reporter", "staff", "reporter", "senior reporter",
    "writer", "senior writer", "editor", "editor in chief", "editor-in-chief",
    "senior editor", "managing editor", "news editor", "deputy editor",
    "contributing writer", "contributor", "correspondent",
    "senior correspondent", "columnist", "author", "authors", "journalist",
    "freelance", "freelance writer", "freelancer", "producer", "analyst",
    "political correspondent", "political reporter", "business reporter",
    "special correspondent", "digital journalist", "autor", "autorin",
    "autoren", "redakteur", "redakteurin", "journalistin", "korrespondent",
    "korrespondentin", "volontär", "volontärin", "chefredakteur",
    "chefredakteurin", "reporterin", "freier autor", "freie autorin",
    "journaliste", "rédacteur", "rédactrice", "envoyé spécial",
    "correspondant", "periodista", "redactor", "redactora", "corresponsal",
    "giornalista", "redattore", "journaliste web", "dziennikarz", "redaktor",
    "журналист", "корреспондент", "phd", "ph.d.", "md", "m.d.", "mba", "jr",
    "sr", "dr", "ms", "msc", "rd", "mph", "rn", "cfa", "esq", "ba", "ma",
    "opens in new window", "more", "et al", "et al.", "others", "other",
    "twitter", "facebook", "linkedin", "instagram", "email", "e-mail", "mail",
    "website", "view profile", "profile", "see more", "follow", "contact",
    "in", "on", "at", "for", "und", "and", "unknown", "anonymous",
    "undefined", "null", "none", "n/a", "admin", "administrator", "guest",
    "author profile", "by", "von", "share", "teilen", "posted", "published",
    "show all articles of", "all articles by", "more articles by",
    "view all posts by", "alle artikel von", "mehr artikel von",
    "date", "updated", "kontakt", "biographie", "folgen", "alle artikel",
    "mehr", "all posts", "comments", "kommentare", "quelle", "no author",
    "agencies", "agenturen", "wire services", "nachricht", "stand", "editors",
    "guest author", "gastautor", "gastbeitrag", "veröffentlicht", "publicado",
    "publié", "published on", "posted on", "erstellt", "no comments",
    "keine kommentare", "newsletter", "drucken", "print", "artikel",
    "article", "exklusiv", "abonnieren"};

// What stands behind a Chinese, Japanese or Korean name, with a space or none.
inline constexpr absl::string_view kNameEndings[] = {
    "선임기자", "인턴기자", "특파원", "기자", "論説委員", "編集委員",
    "記者", "记者", "编辑", "編輯"};

// Before the name, in a line that says other things first.
inline constexpr absl::string_view kLabelsWithin[] = {"作者：", "作者:", "记者：",
                                                "記者：", "文字：", "撰文："};

// Words that say that the names after them took the pictures.
inline constexpr absl::string_view kPhotoWords[] = {
    "foto", "fotos", "photo", "photos", "photograph", "photography", "bild",
    "bilder", "image", "images", "fotografía", "photographie", "fotó", "фото",
    "kuva", "kuvat", "grafik", "video", "fotografie", "illustration",
    "illustrationen", "illustrations", "fotografi", "photographs", "camera",
    "kamera", "fotograf", "写真", "撮影"};

inline constexpr absl::string_view kAgencies[] = {
    "reuters", "thomson reuters", "ap", "associated press",
    "the associated press", "afp", "agence france-presse",
    "agence france presse", "dpa", "deutsche presse-agentur", "dpa-infocom",
    "dpa-afx", "dpa/lsw", "apa", "austria presse agentur", "sda",
    "keystone-sda", "epd", "kna", "sid", "efe", "agencia efe", "ansa", "agi",
    "adnkronos", "upi", "pti", "ani", "ians", "xinhua", "tass", "ria",
    "interfax", "ukrinform", "anadolu", "anadolu ajansı", "anadolu agency",
    "aa", "dha", "iha", "pap", "čtk", "ctk", "tasr", "mti", "agerpres",
    "tanjug", "hina", "bta", "ntb", "tt", "ritzau", "stt", "bns", "elta",
    "leta", "belga", "anp", "lusa", "europa press", "télam", "telam",
    "notimex", "bernama", "antara", "yonhap", "kyodo", "jiji", "jiji press",
    "cna", "app", "bloomberg", "bloomberg news", "canadian press",
    "the canadian press", "press association", "pa", "pa media", "aap",
    "australian associated press", "nan", "sapa", "ats", "afp deutschland",
    "共同通信", "時事通信", "新华社", "新華社", "भाषा", "ots", "ap news"};

// Words of organisations' names, in lower case.
inline constexpr absl::string_view kOrganisationWords[] = {
    "redaktion", "redaktionen", "redaktionsteam", "redacción", "redaccion",
    "redazione", "rédaction", "redactie", "redakcja", "redakce", "redação",
    "redacao", "staff", "team", "editorial", "editors", "desk", "newsroom",
    "news", "online", "tv", "radio", "magazin", "magazine", "media", "press",
    "agency", "agentur", "agencia", "agence", "zeitung", "nachrichten",
    "tagblatt", "webteam", "gmbh", "ag", "inc", "ltd", "llc", "e.v.",
    "verlag", "foundation", "university", "universität", "institut",
    "institute", "association", "verband", "ministerium", "department",
    "redaksi", "toimitus", "редакция", "редакція", "correspondent",
    "correspondents", "bureau", "newsdesk", "company", "corporation", "group",
    "network", "times", "journal", "daily", "weekly", "post", "tribune",
    "herald", "gazette", "chronicle", "haber", "編集部", "デジタル", "新聞"};

// What leads from a name to a date: "Jane Doe on Monday, 3 May".
inline constexpr absl::string_view kDateWords[] = {
    "am", "on", "le", "el", "den", "um", "at", "stand", "updated",
    "published", "vor", "veröffentlicht", "posted", "mo", "di", "mi", "do",
    "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag",
    "freitag", "samstag", "sonntag", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "publicado", "hace", "il",
    "op", "uhr", "date", "erstellt"};

// What follows a name on its own line.
inline constexpr absl::string_view kNetworks[] = {
    "twitter", "facebook", "linkedin", "instagram", "email", "e-mail", "follow"};

}  // namespace dateline

// clang-format on

#endif  // DATELINE_PARSER_CORE_BYLINE_WORDS_H_
