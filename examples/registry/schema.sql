-- What the registry is loaded into, and only read from then on. Sightings, which grow while the
-- service runs, have their tables from migrations/.

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
