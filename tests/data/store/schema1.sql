-- The schema of the first version, as it was: PRAGMA user_version 1.
CREATE TABLE articles(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  parse_us INTEGER NOT NULL,
  publish_us INTEGER NOT NULL,
  fetch_us INTEGER NOT NULL,
  first_seen_us INTEGER NOT NULL,
  last_seen_us INTEGER NOT NULL,
  seen_count INTEGER NOT NULL,
  revision_count INTEGER NOT NULL,
  access INTEGER NOT NULL,
  article_type INTEGER NOT NULL,
  publisher TEXT NOT NULL,
  domain TEXT NOT NULL,
  language TEXT NOT NULL,
  section TEXT NOT NULL,
  content_sha256 BLOB NOT NULL,
  article BLOB NOT NULL
);
CREATE INDEX articles_by_publish_time ON articles(publish_us, uid);

CREATE TABLE texts(
  id INTEGER PRIMARY KEY,
  headline TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE VIRTUAL TABLE text_index USING fts5(
  headline, body, content='texts', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER texts_insert AFTER INSERT ON texts BEGIN
  INSERT INTO text_index(rowid, headline, body)
    VALUES (new.id, new.headline, new.body);
END;
CREATE TRIGGER texts_delete AFTER DELETE ON texts BEGIN
  INSERT INTO text_index(text_index, rowid, headline, body)
    VALUES ('delete', old.id, old.headline, old.body);
END;
CREATE TRIGGER texts_update AFTER UPDATE ON texts BEGIN
  INSERT INTO text_index(text_index, rowid, headline, body)
    VALUES ('delete', old.id, old.headline, old.body);
  INSERT INTO text_index(rowid, headline, body)
    VALUES (new.id, new.headline, new.body);
END;

CREATE TABLE positions(
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  next_offset INTEGER NOT NULL,
  PRIMARY KEY(topic, partition)
) WITHOUT ROWID;
PRAGMA application_id = 0x44544c4e;
PRAGMA user_version = 1;
