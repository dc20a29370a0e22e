-- A key of the sender's own, by which a sighting that is sent twice is stored once.

create table sighting_with_key (
    id     integer primary key,
    digits text not null check (length(digits) = 12 and digits not glob '*[^0-9A-F]*'),
    mac    text generated always as (
               substr(digits, 1, 2) || ':' || substr(digits, 3, 2) || ':' ||
               substr(digits, 5, 2) || ':' || substr(digits, 7, 2) || ':' ||
               substr(digits, 9, 2) || ':' || substr(digits, 11, 2)) virtual,
    place  text not null,
    at     text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    -- Null where it has no name.
    key    text unique check (length(cast(key as blob)) between 1 and 64)
) strict;

-- A database that was loaded before there were migrations may have keys. A name that a table lacks is
-- looked for in the query around it: where there are none, the inner "key" is the outer one, null.
insert into sighting_with_key (id, digits, place, at, key)
select id, digits, place, at, (select key from sighting as same where same.id = old.id)
from (select id, digits, place, at, null as key from sighting) as old;

-- The view is made anew by the next migration.
drop view if exists seen;
drop table sighting;
alter table sighting_with_key rename to sighting;
create index sighting_by_digits on sighting (digits, id);
