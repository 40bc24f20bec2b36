/// One step of the schema; steps are only ever appended.
package struct Migration: Sendable {
    /// The schema version that it leads to.
    package var version: Int
    /// Statements, run in one transaction with the version's change.
    package var sql: String

    /// Creates a step.
    package init(version: Int, sql: String) {
        self.version = version
        self.sql = sql
    }

    /// All steps, oldest first; versions count from 1.
    package static let all = [Migration(version: 1, sql: schemaVersion1)]
}

/// `IDEF` in the file's header.
let storeApplicationID = 0x4944_4546

/// The tables of docs/formats.md.
///
/// Free texts are bound and read as bytes, because a text may hold U+0000.
private let schemaVersion1 = """
    -- Anything whose bytes can change a number. content_digest is the digest of all bytes, which
    -- for weights is known only after the run has begun.
    CREATE TABLE artifact(
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK(kind IN ('weights','tokenizer','processor','task','data','support')),
      digest TEXT NOT NULL,
      name TEXT NOT NULL,
      content_digest TEXT CHECK(length(content_digest) = 64),
      UNIQUE(kind, digest)) STRICT;

    -- What identifies a number; digest is the SHA-256 of json.
    CREATE TABLE recipe(
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE CHECK(length(digest) = 64),
      json TEXT NOT NULL) STRICT;

    CREATE TABLE run(
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      recipe_id INTEGER NOT NULL UNIQUE REFERENCES recipe(id),
      status TEXT NOT NULL CHECK(status IN ('running','done','interrupted','failed')),
      sample_count INTEGER NOT NULL CHECK(sample_count >= 0),
      published_count INTEGER,
      is_subset INTEGER NOT NULL CHECK(is_subset IN (0,1)),
      is_demo INTEGER NOT NULL CHECK(is_demo IN (0,1)),
      support_count INTEGER,
      not_comparable TEXT NOT NULL,
      label TEXT,
      submission_path TEXT,
      started TEXT NOT NULL,
      finished TEXT,
      CHECK((status = 'done') = (finished IS NOT NULL))) STRICT;

    -- One row per process that worked on a run.
    CREATE TABLE attempt(
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run(id),
      started TEXT NOT NULL,
      ended TEXT,
      ending TEXT CHECK(ending IN ('done','interrupted','failed','lost')),
      reason TEXT,
      process_id INTEGER NOT NULL,
      description TEXT NOT NULL,
      sample_count INTEGER NOT NULL DEFAULT 0,
      error_count INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX attempt_of_run ON attempt(run_id);

    -- Texts that many samples share: shot ids, sets of categories.
    CREATE TABLE shared_text(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

    CREATE TABLE sample(
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run(id),
      ordinal INTEGER NOT NULL CHECK(ordinal >= 0),
      name TEXT NOT NULL,
      attempt_id INTEGER NOT NULL REFERENCES attempt(id),
      cluster TEXT NOT NULL,
      categories_id INTEGER REFERENCES shared_text(id),
      shots BLOB NOT NULL,
      shots_text_only INTEGER NOT NULL CHECK(shots_text_only IN (0,1)),
      similarities BLOB,
      excluded_count INTEGER NOT NULL CHECK(excluded_count >= 0),
      dropped_shot_count INTEGER NOT NULL CHECK(dropped_shot_count >= 0),
      prompt_sha256 BLOB CHECK(length(prompt_sha256) = 32),
      prompt_token_count INTEGER,
      output TEXT,
      output_tokens BLOB NOT NULL,
      finish TEXT CHECK(finish IN ('eos','stop','length')),
      logprob REAL,
      candidate_logprobs BLOB NOT NULL,
      answer TEXT,
      error_code TEXT,
      error_message TEXT,
      UNIQUE(run_id, ordinal),
      UNIQUE(run_id, name),
      CHECK((error_code IS NULL) = (error_message IS NULL))) STRICT;

    CREATE TABLE metric_version(
      id INTEGER PRIMARY KEY,
      metric TEXT NOT NULL,
      version INTEGER NOT NULL,
      UNIQUE(metric, version)) STRICT;

    -- SQLite keeps a NaN as NULL, so NOT NULL refuses it.
    CREATE TABLE score(
      sample_id INTEGER NOT NULL REFERENCES sample(id),
      metric_id INTEGER NOT NULL REFERENCES metric_version(id),
      value REAL NOT NULL CHECK(abs(value) < 1e300),
      PRIMARY KEY(sample_id, metric_id)) STRICT, WITHOUT ROWID;

    CREATE TABLE metric(
      run_id INTEGER NOT NULL REFERENCES run(id),
      metric_id INTEGER NOT NULL REFERENCES metric_version(id),
      position INTEGER NOT NULL,
      value REAL CHECK(abs(value) < 1e300),
      low REAL,
      high REAL,
      interval_method TEXT,
      count INTEGER NOT NULL CHECK(count >= 0),
      reason TEXT,
      breakdown TEXT NOT NULL,
      computed TEXT NOT NULL,
      PRIMARY KEY(run_id, metric_id),
      CHECK((low IS NULL) = (high IS NULL)),
      CHECK(low IS NULL OR low <= high)) STRICT, WITHOUT ROWID;

    -- Runs that others are compared with; rows are only appended, the latest of a name counts.
    CREATE TABLE baseline(
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      run_id INTEGER NOT NULL REFERENCES run(id),
      time TEXT NOT NULL) STRICT;

    CREATE TABLE event(
      id INTEGER PRIMARY KEY,
      run_id INTEGER REFERENCES run(id),
      attempt_id INTEGER REFERENCES attempt(id),
      time TEXT NOT NULL,
      code TEXT NOT NULL,
      message TEXT NOT NULL) STRICT;
    """
