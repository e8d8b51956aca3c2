-- Everything the generator needs for itself lives in this schema, which is dropped at the end.
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
-- A number in [0, 1) that depends on the seed, the question asked (salt) and the row (id) only.
CREATE FUNCTION bench.u(salt int, id bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended(id, {seed} * 1000::bigint + salt) & 9007199254740991)::float8 / 9007199254740992
$$;
CREATE FUNCTION bench.ean13(body bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT body || ((10 - sum(substr(body::text, i, 1)::int * CASE WHEN i % 2 = 0 THEN 3 ELSE 1 END) % 10) % 10)::text
      FROM generate_series(1, 12) i
$$;
