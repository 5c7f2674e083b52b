-- The catalog: what `mvti import` fills and `mvti publish` reads. Every statement can run again, because DDL
-- commits by itself and a file that failed half-way is run again from its start.
-- Plain keys and no foreign keys: clusters that speak MySQL's protocol differ in what they enforce, and every
-- write here goes through one transaction of lib/store that keeps the parts together.

CREATE TABLE IF NOT EXISTS movie (
    movie_id    INT NOT NULL COMMENT 'MovieLens id; 300000 and more: films newer than MovieLens; sample films have their own range',
    title_ko    VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'title under which it ran in Korea; empty: unknown',
    title_en    VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'English title without the year; empty: unknown',
    year        SMALLINT NULL COMMENT 'year of release; NULL: unknown',
    country     VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'main producing country as the source names it (KR, 미국)',
    popularity  INT NULL COMMENT 'people who rated it where the catalog comes from; NULL: unknown',
    rating      DOUBLE NULL COMMENT 'mean rating there, 0 to 5; NULL: unknown',
    PRIMARY KEY (movie_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Films of the catalog';

CREATE TABLE IF NOT EXISTS movie_genre (
    movie_id    INT NOT NULL COMMENT 'movie.movie_id',
    position    TINYINT UNSIGNED NOT NULL COMMENT 'order of the source, from 0, most fitting first',
    genre       VARCHAR(40) NOT NULL COMMENT 'genre as the source names it (Sci-Fi)',
    PRIMARY KEY (movie_id, position),
    KEY by_genre (genre)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Genres of films';

CREATE TABLE IF NOT EXISTS movie_plot (
    movie_id    INT NOT NULL COMMENT 'movie.movie_id',
    plot_ko     TEXT NOT NULL COMMENT 'what it is about, Korean; empty: none',
    plot_en     TEXT NOT NULL COMMENT 'what it is about, English; empty: none',
    keywords    TEXT NOT NULL COMMENT 'English keywords joined by |; empty: none',
    PRIMARY KEY (movie_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Plots of films';

CREATE TABLE IF NOT EXISTS watch_link (
    movie_id    INT NOT NULL COMMENT 'movie.movie_id',
    platform    VARCHAR(60) NOT NULL COMMENT 'streaming service as the source names it',
    url         VARCHAR(1024) NOT NULL COMMENT 'where to watch it, http or https',
    PRIMARY KEY (movie_id, platform)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Where films can be watched';

CREATE TABLE IF NOT EXISTS film_character (
    character_id    INT NOT NULL COMMENT 'id of the source',
    movie_id        INT NOT NULL COMMENT 'movie.movie_id',
    name_ko         VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'Korean name; empty: unknown',
    name_en         VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'English name; empty: unknown',
    mbti            CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one of the 16 types, INFP',
    enneagram       CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one of the 18 types with wing, 4w5',
    votes           INT NULL COMMENT 'people who voted on the type; NULL: editorial typing',
    comments        INT NULL COMMENT 'comments on the typing where votes come from; NULL: unknown',
    hashtags_ko     VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'Korean tags: #a #b',
    hashtags_en     VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'English tags: #A #B',
    description_ko  TEXT NOT NULL COMMENT 'who this is, Korean; empty: none',
    description_en  TEXT NOT NULL COMMENT 'who this is, English; empty: none',
    image_url       VARCHAR(1024) NOT NULL DEFAULT '' COMMENT 'portrait as the source names it; publishing leaves out addresses of other hosts',
    PRIMARY KEY (character_id),
    KEY by_movie (movie_id),
    KEY by_type (mbti, enneagram)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Film characters and their typing';

CREATE TABLE IF NOT EXISTS import_run (
    import_id       BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the run',
    kind            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'movies, characters, ratings, plots or links',
    file_name       VARCHAR(255) NOT NULL COMMENT 'last part of the path',
    content_hash    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'BLAKE2b-256 of the file, hex',
    rows_read       BIGINT NOT NULL COMMENT 'data rows seen',
    rows_stored     BIGINT NOT NULL COMMENT 'rows that were new or said something new',
    rows_unchanged  BIGINT NOT NULL COMMENT 'rows that said what was there already',
    rows_skipped    BIGINT NOT NULL COMMENT 'rows that say that there is nothing (no_link)',
    rows_rejected   BIGINT NOT NULL COMMENT 'rows refused with a reason',
    imported_at     DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    PRIMARY KEY (import_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Imports that were committed';

CREATE TABLE IF NOT EXISTS rating_source (
    source_id       INT NOT NULL AUTO_INCREMENT COMMENT 'number of the source',
    name            VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'short name; the file is ratings/NAME.mvr in the state folder',
    file_name       VARCHAR(255) NOT NULL COMMENT 'last part of the path it came from',
    content_hash    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'checksum of the .mvr file, hex',
    n_ratings       BIGINT NOT NULL COMMENT 'ratings in the file',
    n_users         BIGINT NOT NULL COMMENT 'people who rated',
    n_movies        BIGINT NOT NULL COMMENT 'films rated',
    simulated       TINYINT NOT NULL COMMENT '1: no people behind it, a taste model made it; said wherever it shows',
    imported_at     DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    PRIMARY KEY (source_id),
    UNIQUE KEY by_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Files of ratings that training may use';
