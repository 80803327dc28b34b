namespace PayPerUse.Benchmarks;

internal static class GrowthSql
{
    /// <summary>990,000 more accounts with a grant each, and ten more log rows an account, as if each had spent ten times.</summary>
    public const string Text = """
        INSERT INTO user_credits (account, free, reserved, debt, rate_window_start, rate_count, last_time, sequence, version)
        SELECT 'user' || lpad(i::text, 7, '0') || '/credits', 999999990, 0, 0, 0, 0, 1700000000000, 11, 11
        FROM generate_series(10001, 1000000) i;
        INSERT INTO credit_grants (account, grant_id, source, credits, free, reserved, revoked, granted_at, expires_at, usable_until, is_live)
        SELECT 'user' || lpad(i::text, 7, '0') || '/credits', 'start', 'benchmark', 1000000000, 999999990, 0, 0, 1700000000000, NULL, NULL, true
        FROM generate_series(10001, 1000000) i;
        INSERT INTO usage_logs (account, sequence, operation_id, attempt, kind, action, credits, balance, target, grants, at)
        SELECT 'user' || lpad(i::text, 7, '0') || '/credits', s,
            CASE s WHEN 1 THEN 'start' ELSE 'http:' || md5(i::text || '-' || s) END, gen_random_uuid(),
            CASE s WHEN 1 THEN 1 ELSE 2 END, 'letter', CASE s WHEN 1 THEN 1000000000 ELSE -1 END, 1000000001 - s, NULL,
            CASE s WHEN 1 THEN '[["start",1000000000]]' ELSE '[["start",-1]]' END, 1700000000000
        FROM generate_series(10001, 1000000) i, generate_series(1, 11) s;
        ANALYZE;
        CHECKPOINT;
        """;
}
