-- Fills vendor from the registry's four files, which lie in the working directory. Fed to the
-- sqlite3 shell after schema.sql, whose CSV reader knows quoted commas and line breaks.

create temp table line (
    registry text not null,
    prefix   text not null,
    name     text not null,
    address  text not null
) strict;

.import --csv --skip 1 oui.csv line
.import --csv --skip 1 mam.csv line
.import --csv --skip 1 oui36.csv line
.import --csv --skip 1 iab.csv line

-- Row by row, in the files' order. Blanks around a value are typing; line breaks within an address
-- are part of it. A prefix that is not hex fails the check in schema.sql and with it the load:
-- better no database than one that silently lacks a row.
insert into vendor (id, prefix, name, address, registry)
select
    rowid,
    upper(prefix),
    trim(name, char(9, 10, 13, 32)),
    nullif(trim(address, char(9, 10, 13, 32)), ''),
    registry
from line
order by rowid;

-- Indexes last: sorting once is faster than 46,500 insertions in random order.
create index vendor_by_prefix on vendor (prefix);
create index vendor_by_name on vendor (name collate nocase, prefix);

analyze;
