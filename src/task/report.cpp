#include "weir/task/report.hpp"

#include <algorithm>

#include "weir/task/scope.hpp"

namespace weir::inline v0 {
namespace {

class places final : public task_visitor {
public:
    explicit places(task_report& into) noexcept : into_{into} {}
    void visit(const promise_base& task) override {
        into_.waits_at.push_back(task.place());
        into_.deadline = std::min(into_.deadline, task.env().deadline());
        if (task.awaited() != nullptr) task.awaited()->visit(*this);
    }
    void visit(const std::source_location& rests_at) override {
        into_.waits_at.push_back(rests_at);
    }

private:
    task_report& into_;
};

}  // namespace

task_report report_task(const spawned_task& of) {
    const std::source_location& from = of.spawned_at();
    const char* const name = *of.name() != '\0' ? of.name() : from.function_name();
    task_report report{of.id(), name, from, of.since(), never, {}};
    places found{report};
    of.visit(found);
    return report;
}

task_listing report_tasks(scheduler& of, std::size_t most) {
    task_listing listing;
    of.scopes().each([&](scope_link& each) {
        auto& scope = static_cast<task_scope&>(each);
        listing.running += scope.size();
        scope.each_task([&](const spawned_task& task) {
            if (listing.listed.size() >= most) return;
            listing.listed.push_back(report_task(task));
        });
    });
    return listing;
}

}  // namespace weir::inline v0
