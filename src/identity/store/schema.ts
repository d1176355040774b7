import type { DatabaseSync } from 'node:sqlite'
import { convertApart } from './convert-apart.ts'
import { convertLive } from './convert-live.ts'

/** "Roll" in ASCII, in the file's header: other programs' databases are not mistaken for a state. */
export const applicationId = 0x526f6c6c

/** Also of sightings in memory. */
export const sightingTables = `
  CREATE TABLE sightings (
    number INTEGER PRIMARY KEY,      -- of the event that first spoke of it: the order in which they became known
    id TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,            -- as it was assigned: aliases say who that is now
    camera TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    known_ms INTEGER                 -- by our clock, when it was last heard of; null: no time was believed since
  ) STRICT;
  CREATE INDEX sightings_of ON sightings (person, number);
  CREATE INDEX sightings_known ON sightings (known_ms);
  CREATE TABLE sighting_tracks (
    track TEXT NOT NULL,
    seq INTEGER NOT NULL,            -- of the first frame: a track may be in several sightings
    sighting INTEGER NOT NULL REFERENCES sightings (number) ON DELETE CASCADE,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    PRIMARY KEY (track, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tracks_of ON sighting_tracks (sighting);
`

/** Also of settled tracks in memory. */
export const settledTable = `
  CREATE TABLE settled_tracks (      -- what each has added to its person
    number INTEGER PRIMARY KEY,      -- the order of settling
    track TEXT NOT NULL,
    seq INTEGER NOT NULL,            -- of the last frame: with the track it names it
    person TEXT NOT NULL,            -- as it was assigned: aliases say who that is now
    camera TEXT NOT NULL,
    last_ms REAL NOT NULL,
    weight REAL NOT NULL,
    sum BLOB NOT NULL,               -- f16, little-endian
    known_ms INTEGER                 -- by our clock, when it settled; null: no time was believed since
  ) STRICT;
  CREATE UNIQUE INDEX settled_named ON settled_tracks (track, seq);
  CREATE INDEX settled_of ON settled_tracks (person);
  CREATE INDEX settled_known ON settled_tracks (known_ms);
`

/** How settled tracks were watched, and tracks without a person; also in memory, after `settledTable`. */
export const pastTables = `
  ALTER TABLE settled_tracks ADD COLUMN first_ms REAL;    -- null: kept by a version before
  ALTER TABLE settled_tracks ADD COLUMN faces INTEGER;    -- in its look
  ALTER TABLE settled_tracks ADD COLUMN quality REAL;     -- of the best of them
  CREATE TABLE unassigned_tracks (   -- over before anybody was told by them
    number INTEGER PRIMARY KEY,      -- the order of ending
    track TEXT NOT NULL,
    seq INTEGER NOT NULL,            -- of the last frame: with the track it names it
    camera TEXT NOT NULL,
    last_ms REAL NOT NULL,
    weight REAL NOT NULL,
    sum BLOB NOT NULL,               -- f16, little-endian
    known_ms INTEGER,                -- by our clock, when it was forgotten; null: no time was believed since
    first_ms REAL NOT NULL,
    faces INTEGER NOT NULL,
    quality REAL NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX unassigned_named ON unassigned_tracks (track, seq);
  CREATE INDEX unassigned_known ON unassigned_tracks (known_ms);
`

/** What people did and were asked; also in memory. */
export const actionTables = `
  CREATE TABLE actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again
    at_ms INTEGER NOT NULL,
    by TEXT NOT NULL,                -- name of the token or session
    kind TEXT NOT NULL,
    people TEXT NOT NULL,            -- JSON: everybody whom it mentions
    question TEXT,                   -- of the review, that it answers
    action TEXT NOT NULL,            -- JSON
    undone_ms INTEGER,
    undone_by TEXT
  ) STRICT;
  CREATE INDEX actions_at ON actions (at_ms);
  CREATE TABLE answers (             -- questions of the review that are not asked again
    question TEXT PRIMARY KEY,
    people TEXT NOT NULL,            -- JSON
    at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE doubtful_joins (      -- tracks that joined by a narrow margin
    track TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,       -- of the event that told of it
    people TEXT NOT NULL,            -- JSON
    doubt TEXT NOT NULL              -- JSON
  ) STRICT, WITHOUT ROWID;
`

/** Those who are never to be recognised. */
const objectorTables = `
  CREATE TABLE objectors (
    place INTEGER PRIMARY KEY,       -- in the order in which they objected
    id TEXT NOT NULL UNIQUE,         -- drawn by chance: it says nothing
    objected_at_ms INTEGER NOT NULL,
    how TEXT NOT NULL,               -- person or photo
    note TEXT,
    code TEXT NOT NULL               -- hash of the code that takes it back
  ) STRICT;
  CREATE TABLE objector_looks (      -- what they are dropped by
    place INTEGER PRIMARY KEY,
    objector TEXT NOT NULL REFERENCES objectors (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    weight REAL NOT NULL,
    sum BLOB NOT NULL,               -- f32, little-endian
    UNIQUE (objector, number)
  ) STRICT;
`

/**
 * One step a schema version; the file's `user_version` says how many have been done. Steps are never changed once they
 * are released, only followed by others.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE site (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    embedder TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    sequence INTEGER NOT NULL,       -- of the last event about people or tracks
    published INTEGER NOT NULL,      -- of the last one that every sink is known to have
    created INTEGER NOT NULL,        -- people created so far
    scrub INTEGER NOT NULL           -- 1 while bytes of deleted people may be left in unused parts of the file
  ) STRICT;
  CREATE TABLE people (
    place INTEGER PRIMARY KEY,       -- in the order of creation
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    archived INTEGER NOT NULL,
    created_at_ms REAL NOT NULL,
    last_seen_at_ms REAL NOT NULL,
    last_camera TEXT NOT NULL,
    tracks INTEGER NOT NULL,
    faces INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE exemplars (
    person INTEGER NOT NULL REFERENCES people (place) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    weight REAL NOT NULL,
    sum BLOB NOT NULL,               -- f32, little-endian
    PRIMARY KEY (person, number)
  ) STRICT;
  CREATE TABLE aliases (former TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE apart (a TEXT NOT NULL, b TEXT NOT NULL, frames REAL NOT NULL, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
  CREATE TABLE retired (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    other TEXT,                      -- merged into, split off, or the person before
    event TEXT NOT NULL              -- JSON, as published
  ) STRICT;
  CREATE INDEX events_of ON events (person);
  CREATE TABLE live (only INTEGER PRIMARY KEY CHECK (only = 1), state BLOB NOT NULL) STRICT;
  `,
  `
  ALTER TABLE site ADD COLUMN clock_ms REAL;             -- the last time of day that was believed
  ALTER TABLE people ADD COLUMN unseen_since_ms REAL;    -- by our clock; null: seen since it was last looked at
  ALTER TABLE people ADD COLUMN sources INTEGER NOT NULL DEFAULT 1; -- looks that its exemplars are made of; 1: of them none is kept
  UPDATE people SET unseen_since_ms = last_seen_at_ms WHERE last_seen_at_ms > 1577836800000; -- 2020: no file's 1970
  CREATE TABLE origins (             -- what came in under IDs that are aliases now
    id TEXT PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES people (place) ON DELETE CASCADE,
    number INTEGER NOT NULL,         -- in the order of the merges
    merged_into TEXT NOT NULL,       -- the person, or another origin of it
    merged_by TEXT NOT NULL,         -- engine or user
    place INTEGER NOT NULL,
    name TEXT,
    archived INTEGER NOT NULL,
    created_at_ms REAL NOT NULL,
    last_seen_at_ms REAL NOT NULL,
    unseen_since_ms REAL,
    last_camera TEXT NOT NULL,
    tracks INTEGER NOT NULL,
    faces INTEGER NOT NULL,
    rest_last_seen_at_ms REAL NOT NULL,
    rest_unseen_since_ms REAL,
    rest_last_camera TEXT NOT NULL,
    apart TEXT NOT NULL              -- JSON: [[id, frames, frames of whom it was merged into] …]
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX origins_of ON origins (person);
  CREATE TABLE origin_exemplars (
    origin TEXT NOT NULL REFERENCES origins (id) ON DELETE CASCADE,
    is_rest INTEGER NOT NULL,        -- 0: its own; 1: of whom it was merged into, without it
    number INTEGER NOT NULL,
    weight REAL NOT NULL,
    sum BLOB NOT NULL,               -- f32, little-endian
    PRIMARY KEY (origin, is_rest, number)
  ) STRICT;
  CREATE TABLE live_rows (               -- what is about now: cameras, tracklets, whom to look at again
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,                 -- v8.serialize
    PRIMARY KEY (kind, key)
  ) STRICT;
  CREATE INDEX events_with ON events (other) WHERE other IS NOT NULL;
  CREATE INDEX events_near ON events (event ->> '$.data.candidate.person') WHERE event ->> '$.data.candidate.person' IS NOT NULL;
  CREATE INDEX events_next ON events (event ->> '$.data.runnerUp.person') WHERE event ->> '$.data.runnerUp.person' IS NOT NULL;
  ${sightingTables}
  ${settledTable}
  CREATE TABLE sighting_events (     -- those that not every sink is known to have
    sequence INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    other TEXT,                      -- the person before
    event TEXT NOT NULL              -- JSON, as published
  ) STRICT;
  CREATE INDEX sighting_events_of ON sighting_events (person);
  `,
  actionTables,
  // Only a conversion: what keeps people apart is kept by the IDs that it was said of.
  '',
  pastTables,
  objectorTables,
  `
  CREATE TABLE state_topic (         -- where these people are in a topic of Kafka: of this file alone
    only INTEGER PRIMARY KEY CHECK (only = 1),
    state TEXT NOT NULL,
    writer TEXT NOT NULL,
    number INTEGER NOT NULL,         -- of the last commit in this file
    confirmed INTEGER NOT NULL,      -- of the last one that is known to be in the topic
    next INTEGER NOT NULL,           -- all of which lies before this offset
    read_ms INTEGER NOT NULL         -- by our clock, when that was known
  ) STRICT;
  `,
]

/** What SQL cannot do, after the step of the same place. Part of it: never changed once it is released. */
const conversions: readonly (((db: DatabaseSync, file: string) => void) | null)[] = [
  null,
  convertLive,
  null,
  convertApart,
  null,
  null,
]

/** The schema that this version writes. */
export const schemaVersion = steps.length

/** The schema of an open file: 0 when it is empty. */
const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.user_version)

/**
 * Brings an older or empty file up to date, in one transaction: cut off at any moment it leaves the file as it was. Returns the
 * schema of an older one, null when the file was empty or is of this schema.
 */
export const migrate = (db: DatabaseSync, file: string, onWrite: () => void): number | null => {
  const from = versionOf(db)
  if (from >= schemaVersion) return null
  db.exec('BEGIN IMMEDIATE')
  try {
    for (const [i, step] of steps.entries()) {
      if (i < from) continue
      onWrite()
      db.exec(step)
      conversions[i]?.(db, file)
    }
    onWrite()
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`)
    return from === 0 ? null : from
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
