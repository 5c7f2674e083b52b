CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_view AS
SELECT l.view_id, l.created_at, DATE(CONVERT_TZ(l.created_at, '+00:00', z.value)) AS day, l.list, l.snapshot_id, l.ranker, l.opened
FROM list_view l
JOIN site_setting z ON z.name = 'time_zone';
