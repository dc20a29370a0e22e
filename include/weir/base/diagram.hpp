// Prints a transition table as a Mermaid state diagram; tools/diagrams writes docs with it.
#pragma once

#include <string>

namespace weir::inline v0 {

// One edge a row. The names come from to_string(state) and to_string(event).
template <class Table>
std::string to_mermaid(const Table& table, typename Table::state first,
                       typename Table::state last) {
    std::string diagram = "stateDiagram-v2\n    [*] --> ";
    diagram += to_string(first);
    diagram += '\n';
    for (const auto& row : table.rows()) {
        diagram += "    ";
        diagram += to_string(row.from);
        diagram += " --> ";
        diagram += to_string(row.to);
        diagram += ": ";
        diagram += to_string(row.on);
        diagram += '\n';
    }
    diagram += "    ";
    diagram += to_string(last);
    diagram += " --> [*]\n";
    return diagram;
}

}  // namespace weir::inline v0
