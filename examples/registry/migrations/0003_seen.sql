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
