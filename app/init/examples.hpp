// Values that stand in a table, for the examples of its endpoints.
#pragma once

#include "weir/base/result.hpp"
#include "weir/db/session.hpp"
#include "weir/task/task.hpp"

#include "app/init/relation.hpp"

namespace weir::app {

// One value as a parameter of this type takes it, fit to be read in a path; none where it is not.
parameter_value example_of(const db::value& value, parameter_type type);

// The relation with an example for its key and for each of its indexed columns, where it has rows.
// A column that takes every value as it comes gets its parameter's type from there.
//
// Lifetime: the session, until it has ended.
// Errors: what a query fails with.
task<result<relation>> with_examples(db::session& session, relation of);

}  // namespace weir::app
