"""The tables of the authority file."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS entities (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice
    kind TEXT NOT NULL,
    bundled TEXT,                               -- its key in the list of well-known organisations
    wikidata TEXT,
    note TEXT,
    label_fr TEXT, label_ar TEXT,               -- set by a librarian
    rejected INTEGER NOT NULL DEFAULT 0,        -- not a person, not an organisation
    merged_into INTEGER                         -- the entity that an older id now means
);
CREATE UNIQUE INDEX IF NOT EXISTS entities_bundled ON entities (bundled) WHERE bundled IS NOT NULL;
CREATE INDEX IF NOT EXISTS entities_merged ON entities (merged_into) WHERE merged_into NOTNULL;
CREATE INDEX IF NOT EXISTS entities_labelled ON entities (number) WHERE label_fr NOTNULL OR label_ar NOTNULL;
CREATE TABLE IF NOT EXISTS variants (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    entity INTEGER NOT NULL,
    count INTEGER NOT NULL,                     -- articles
    UNIQUE (kind, name)
);
CREATE INDEX IF NOT EXISTS variants_entity ON variants (entity);
CREATE INDEX IF NOT EXISTS variants_any_case ON variants (kind, name COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS functions (
    variant INTEGER NOT NULL,
    function TEXT NOT NULL,                     -- what articles say beside the name, as they write it
    count INTEGER NOT NULL,                     -- articles
    PRIMARY KEY (variant, function)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS name_marks (
    mark INTEGER NOT NULL,                      -- what names that may be the same share
    variant INTEGER NOT NULL,
    PRIMARY KEY (mark, variant)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS moves (
    version INTEGER NOT NULL,                   -- of the authority file from which on
    variant INTEGER NOT NULL,                   -- a name means another entity, or nobody, or somebody again
    PRIMARY KEY (version, variant)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS variants_moved AFTER UPDATE OF entity ON variants WHEN old.entity IS NOT new.entity
BEGIN
    INSERT OR IGNORE INTO moves SELECT version + 1, new.id FROM authority_version;
END;
CREATE TRIGGER IF NOT EXISTS entities_rejected AFTER UPDATE OF rejected ON entities
WHEN old.rejected IS NOT new.rejected
BEGIN
    INSERT OR IGNORE INTO moves SELECT version + 1, id FROM variants, authority_version WHERE entity = new.number;
END;
CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    verb TEXT NOT NULL,
    what TEXT NOT NULL,                         -- in words
    before TEXT NOT NULL,                       -- JSON: what undoing it needs
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS authority_version (
    only INTEGER PRIMARY KEY CHECK (only = 0),
    version INTEGER NOT NULL
);
INSERT OR IGNORE INTO authority_version VALUES (0, 0);
"""
