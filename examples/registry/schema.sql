-- The example's tables. vendor is read only once loaded; sighting grows while the service runs.

create table vendor (
    id       integer primary key,
    -- Upper-case hex: 6 digits (MA-L), 7 (MA-M) or 9 (MA-S, IAB). Not unique: a prefix may have
    -- several owners.
    prefix   text not null
             check (length(prefix) in (6, 7, 9) and prefix not glob '*[^0-9A-F]*'),
    name     text not null check (name <> ''),
    -- Null where the owner keeps it private.
    address  text,
    registry text not null
) strict;

create table sighting (
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
    at     text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    -- What its sender calls it: sent twice, it is stored once. Null where it has no name.
    key    text unique check (length(cast(key as blob)) between 1 and 64)
) strict;

create index sighting_by_digits on sighting (digits, id);

-- A sighting with the vendor's name, by the longest prefix that is known; where that prefix has
-- several owners, all of them.
create view seen as
select
    sighting.id,
    sighting.digits,
    sighting.mac,
    sighting.place,
    sighting.at,
    (
        select group_concat(vendor.name, ' / ')
        from vendor
        where vendor.prefix = (
            select longest.prefix
            from vendor as longest
            where longest.prefix in
                  (substr(digits, 1, 9), substr(digits, 1, 7), substr(digits, 1, 6))
            order by length(longest.prefix) desc
            limit 1
        )
    ) as vendor
from sighting;
