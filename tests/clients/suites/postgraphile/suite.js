'use strict'
// PostGraphile 4: reads a schema through its introspection query and serves it over
// GraphQL. (Graphile Worker needs row security, which is not supported.)
process.noDeprecation = true // it sends queries while others run
const assert = require('node:assert/strict')
const { Pool } = require('pg')
const { createPostGraphileSchema, withPostGraphileContext } = require('postgraphile')
const { graphql, printSchema } = require('graphql')
const { check, done } = require('../_lib/tap')

const pool = new Pool({ max: 8 })
pool.on('error', () => {})
let schema

const definition = `
  create schema forum;
  create type forum.topic as enum ('discussion', 'inspiration', 'help');
  create type forum.address as (street text, city text);
  create domain forum.email as text check (value ~ '@');
  create table forum.person (
    id serial primary key,
    first_name text not null check (char_length(first_name) < 80),
    last_name text,
    contact forum.email unique,
    home forum.address,
    born date,
    tags text[] not null default '{}',
    about jsonb,
    created_at timestamptz default now()
  );
  comment on table forum.person is 'A user of the forum.';
  comment on column forum.person.first_name is 'The person''s first name.';
  create table forum.post (
    id int primary key generated always as identity,
    author_id int not null references forum.person on delete cascade,
    headline text not null,
    body text,
    topic forum.topic default 'discussion',
    score numeric(6,2) default 0,
    views bigint default 0,
    posted tstzrange
  );
  create index on forum.post (author_id);
  create index on forum.post (topic, headline);
  create table forum.vote (person_id int references forum.person, post_id int references forum.post, primary key (person_id, post_id));
  create index on forum.vote (post_id);
  create table forum.hidden (id int primary key);
  comment on table forum.hidden is '@omit';
  create view forum.loud as select id, upper(headline) as headline from forum.post;
  comment on view forum.loud is E'@primaryKey id\\nLoud posts.';
  create function forum.person_full_name(person forum.person) returns text as $$
    select person.first_name || ' ' || coalesce(person.last_name, '') $$ language sql stable;
  comment on function forum.person_full_name(forum.person) is 'First and last.';
  create function forum.post_summary(post forum.post, length int default 5) returns text as $$ select substr(post.headline, 1, length) $$ language sql stable;
  create function forum.search_posts(search text) returns setof forum.post as $$
    select * from forum.post where headline ilike '%' || search || '%' order by id $$ language sql stable;
  create function forum.add_person(first_name text, contact text) returns forum.person as $$
    declare made forum.person;
    begin
      insert into forum.person (first_name, contact) values (first_name, contact) returning * into made;
      return made;
    end $$ language plpgsql volatile strict;
  create function forum.add(a int, b int) returns int as $$ select a + b $$ language sql immutable strict;
`

async function query (source, variables) {
  return withPostGraphileContext({ pgPool: pool, pgSettings: { 'my.setting': 'yes' } }, async context => {
    const r = await graphql(schema, source, null, { ...context }, variables)
    if (r.errors) throw r.errors[0].originalError || r.errors[0]
    return JSON.parse(JSON.stringify(r.data))
  })
}

check('the schema is read', async () => {
  await pool.query(definition)
  schema = await createPostGraphileSchema(pool, ['forum'], { dynamicJson: true, legacyRelations: 'omit' })
  const text = printSchema(schema)
  for (const want of ['type Person implements Node', 'enum Topic', 'input PersonCondition', 'type Address', 'scalar Email', 'fullName: String', 'searchPosts(', 'createPost(', 'updatePersonByContact(',
    'postsByAuthorId(', 'votesByPostId(', 'type Loud', 'score: BigFloat', 'views: BigInt', 'posted: DatetimeRange', 'addPerson(', 'deleteVoteByPersonIdAndPostId(', '"""A user of the forum."""', 'summary(length: Int)']) {
    assert.ok(text.includes(want), want)
  }
  assert.ok(!text.includes('hidden'))
})

check('mutations create', async () => {
  const r = await query(`mutation ($p: PersonInput!) { createPerson(input: {person: $p}) { person { id firstName contact home { city } born tags about fullName nodeId } } }`,
    { p: { firstName: 'Ada', lastName: 'L', contact: 'ada@x', home: { street: 's', city: 'London' }, born: '1815-12-10', tags: ['x', 'y'], about: { k: [1] } } })
  const { nodeId, ...person } = r.createPerson.person
  assert.deepEqual(person, { id: 1, firstName: 'Ada', contact: 'ada@x', home: { city: 'London' }, born: '1815-12-10', tags: ['x', 'y'], about: { k: [1] }, fullName: 'Ada L' })
  for (const [headline, topic, score] of [['One', 'HELP', '1.5'], ['Two', 'INSPIRATION', '2.25'], ['Three', null, '3']]) {
    await query(`mutation ($p: PostInput!) { createPost(input: {post: $p}) { post { id } } }`, { p: { authorId: 1, headline, topic, score, posted: { start: { value: '2024-01-01T00:00:00Z', inclusive: true } } } })
  }
})

check('functions: mutations, queries, computed columns', async () => {
  assert.deepEqual(await query('mutation { addPerson(input: {firstName: "Bob", contact: "bob@x"}) { person { id firstName } } }'), { addPerson: { person: { id: 2, firstName: 'Bob' } } })
  assert.deepEqual(await query('{ add(a: 2, b: 3) searchPosts(search: "t") { nodes { headline summary(length: 2) } totalCount } }'),
    { add: 5, searchPosts: { nodes: [{ headline: 'Two', summary: 'Tw' }, { headline: 'Three', summary: 'Th' }], totalCount: 2 } })
})

check('queries: relations both ways, conditions, order, pages', async () => {
  const r = await query(`{ allPeople(orderBy: ID_DESC) { totalCount nodes { firstName postsByAuthorId(condition: {topic: HELP}, orderBy: HEADLINE_ASC) { nodes { headline score posted { start { value inclusive } } personByAuthorId { firstName } } } } } }`)
  assert.equal(r.allPeople.totalCount, 2)
  assert.deepEqual(r.allPeople.nodes[1].postsByAuthorId.nodes.map(n => [n.headline, n.score, n.posted.start.inclusive, n.personByAuthorId.firstName]), [['One', '1.50', true, 'Ada']])
  const first = await query('{ allPosts(first: 2, orderBy: [ID_ASC]) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }')
  assert.equal(first.allPosts.pageInfo.hasNextPage, true)
  const next = await query('query ($c: Cursor) { allPosts(first: 2, after: $c, orderBy: [ID_ASC]) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }', { c: first.allPosts.pageInfo.endCursor })
  assert.deepEqual([next.allPosts.nodes.length, next.allPosts.pageInfo.hasPreviousPage], [1, true])
  assert.deepEqual(await query('{ allLouds(last: 1) { nodes { id headline } } postById(id: 1) { headline } personByContact(contact: "bob@x") { id } }'),
    { allLouds: { nodes: [{ id: 3, headline: 'THREE' }] }, postById: { headline: 'One' }, personByContact: { id: 2 } })
})

check('mutations update and delete', async () => {
  assert.deepEqual(await query('mutation { updatePostById(input: {id: 1, postPatch: {headline: "Uno", views: "9007199254740993"}}) { post { headline views } } }'), { updatePostById: { post: { headline: 'Uno', views: '9007199254740993' } } })
  await query('mutation { createVote(input: {vote: {personId: 2, postId: 1}}) { clientMutationId } }')
  assert.deepEqual(await query('mutation { deleteVoteByPersonIdAndPostId(input: {personId: 2, postId: 1}) { vote { personId } } }'), { deleteVoteByPersonIdAndPostId: { vote: { personId: 2 } } })
  await assert.rejects(query('mutation { createPost(input: {post: {authorId: 99, headline: "x"}}) { clientMutationId } }'), { code: '23503' })
  await assert.rejects(query('mutation { createPerson(input: {person: {firstName: "x", contact: "no"}}) { clientMutationId } }'), { code: '23514' })
  assert.deepEqual(await query('{ allVotes { totalCount } }'), { allVotes: { totalCount: 0 } })
})

done(() => pool.end())
