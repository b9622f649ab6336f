CREATE FUNCTION set_limit(float4) RETURNS float4 AS 'MODULE_PATHNAME', 'set_limit' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
CREATE FUNCTION show_limit() RETURNS float4 AS 'MODULE_PATHNAME', 'show_limit' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION show_trgm(text) RETURNS _text AS 'MODULE_PATHNAME', 'show_trgm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION similarity(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'similarity' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION similarity_op(text, text) RETURNS bool AS 'MODULE_PATHNAME', 'similarity_op' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION similarity_dist(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'similarity_dist' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION word_similarity(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'word_similarity' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION word_similarity_op(text, text) RETURNS bool AS 'MODULE_PATHNAME', 'word_similarity_op' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION word_similarity_commutator_op(text, text) RETURNS bool AS 'MODULE_PATHNAME', 'word_similarity_commutator_op' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION word_similarity_dist_op(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'word_similarity_dist_op' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION word_similarity_dist_commutator_op(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'word_similarity_dist_commutator_op' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strict_word_similarity(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'strict_word_similarity' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strict_word_similarity_op(text, text) RETURNS bool AS 'MODULE_PATHNAME', 'strict_word_similarity_op' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strict_word_similarity_commutator_op(text, text) RETURNS bool AS 'MODULE_PATHNAME', 'strict_word_similarity_commutator_op' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strict_word_similarity_dist_op(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'strict_word_similarity_dist_op' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION strict_word_similarity_dist_commutator_op(text, text) RETURNS float4 AS 'MODULE_PATHNAME', 'strict_word_similarity_dist_commutator_op' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OPERATOR % (LEFTARG = text, RIGHTARG = text, PROCEDURE = similarity_op, COMMUTATOR = %, RESTRICT = matchingsel, JOIN = matchingjoinsel);
CREATE OPERATOR <-> (LEFTARG = text, RIGHTARG = text, PROCEDURE = similarity_dist, COMMUTATOR = <->);
CREATE OPERATOR <% (LEFTARG = text, RIGHTARG = text, PROCEDURE = word_similarity_op, COMMUTATOR = %>, RESTRICT = matchingsel, JOIN = matchingjoinsel);
CREATE OPERATOR %> (LEFTARG = text, RIGHTARG = text, PROCEDURE = word_similarity_commutator_op, COMMUTATOR = <%, RESTRICT = matchingsel, JOIN = matchingjoinsel);
CREATE OPERATOR <<-> (LEFTARG = text, RIGHTARG = text, PROCEDURE = word_similarity_dist_op, COMMUTATOR = <->>);
CREATE OPERATOR <->> (LEFTARG = text, RIGHTARG = text, PROCEDURE = word_similarity_dist_commutator_op, COMMUTATOR = <<->);
CREATE OPERATOR <<% (LEFTARG = text, RIGHTARG = text, PROCEDURE = strict_word_similarity_op, COMMUTATOR = %>>, RESTRICT = matchingsel, JOIN = matchingjoinsel);
CREATE OPERATOR %>> (LEFTARG = text, RIGHTARG = text, PROCEDURE = strict_word_similarity_commutator_op, COMMUTATOR = <<%, RESTRICT = matchingsel, JOIN = matchingjoinsel);
CREATE OPERATOR <<<-> (LEFTARG = text, RIGHTARG = text, PROCEDURE = strict_word_similarity_dist_op, COMMUTATOR = <->>>);
CREATE OPERATOR <->>> (LEFTARG = text, RIGHTARG = text, PROCEDURE = strict_word_similarity_dist_commutator_op, COMMUTATOR = <<<->);
CREATE FUNCTION gin_extract_value_trgm(text, internal) RETURNS internal AS 'MODULE_PATHNAME', 'gin_extract_value_trgm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION gin_extract_query_trgm(text, internal, int2, internal, internal, internal, internal) RETURNS internal AS 'MODULE_PATHNAME', 'gin_extract_query_trgm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION gin_trgm_consistent(internal, int2, text, int4, internal, internal, internal, internal) RETURNS bool AS 'MODULE_PATHNAME', 'gin_trgm_consistent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION gin_trgm_triconsistent(internal, int2, text, int4, internal, internal, internal) RETURNS "char" AS 'MODULE_PATHNAME', 'gin_trgm_triconsistent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE OPERATOR CLASS gin_trgm_ops FOR TYPE text USING gin AS
    OPERATOR 1 % (text, text),
    FUNCTION 1 btint4cmp (int4, int4),
    FUNCTION 2 gin_extract_value_trgm (text, internal),
    FUNCTION 3 gin_extract_query_trgm (text, internal, int2, internal, internal, internal, internal),
    FUNCTION 4 gin_trgm_consistent (internal, int2, text, int4, internal, internal, internal, internal),
    STORAGE int4;
ALTER OPERATOR FAMILY gin_trgm_ops USING gin ADD
    OPERATOR 3 pg_catalog.~~ (text, text),
    OPERATOR 4 pg_catalog.~~* (text, text),
    OPERATOR 5 pg_catalog.~ (text, text),
    OPERATOR 6 pg_catalog.~* (text, text),
    OPERATOR 7 %> (text, text),
    OPERATOR 9 %>> (text, text),
    OPERATOR 11 pg_catalog.= (text, text),
    FUNCTION 6 (text, text) gin_trgm_triconsistent (internal, int2, text, int4, internal, internal, internal);
