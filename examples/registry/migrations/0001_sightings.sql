-- Where devices were seen. A database that was loaded before there were migrations has the table
-- already: it is left as it is.

create table if not exists sighting (
    id     integer primary key,
    -- The MAC as twelve upper-case hex digits, whatever way it came in.
    digits text not null check (length(digits) = 12 and digits not glob '*[^0-9A-F]*'),
    -- The same as people write it.
    mac    text generated always as (
               substr(digits, 1, 2) || ':' || substr(digits, 3, 2) || ':' ||
               substr(digits, 5, 2) || ':' || substr(digits, 7, 2) || ':' ||
               substr(digits, 9, 2) || ':' || substr(digits, 11, 2)) virtual,
    place  text not null,
    -- UTC, RFC 3339, milliseconds: text order is time order.
    at     text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) strict;

create index if not exists sighting_by_digits on sighting (digits, id);
