-- Whether anything in a rendering of a list was opened, for comparisons of rankers and snapshots; mvti rollup says so.
ALTER TABLE list_view
    ADD COLUMN opened TINYINT NOT NULL DEFAULT 0 COMMENT '1: a card in it was opened; counted by mvti rollup',
    DROP KEY by_time,
    ADD KEY by_time (created_at, list, snapshot_id, opened);
