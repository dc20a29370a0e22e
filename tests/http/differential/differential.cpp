#include "http/differential/differential.hpp"

#include <algorithm>
#include <stdexcept>

#include "weir/http/limits.hpp"

#include "http/differential/dice.hpp"
#include "http/differential/machine_reading.hpp"
#include "http/differential/reading_text.hpp"
#include "http/differential/request_maker.hpp"
#include "http/differential/spoiler.hpp"

namespace weir::inline v0::http {
namespace {

// The default ones, or such that a small request reaches each of them: wide enough for what a
// request needs at least where it is to be right.
limits some_limits(dice& chance, bool right) {
    limits made;
    if (chance.one_in(2)) return made;
    const auto between = [&](std::size_t least, std::size_t most) {
        return static_cast<std::uint32_t>(chance.between(least, most));
    };
    made.max_target_bytes = between(1, 60);
    made.max_fields = between(right ? 6 : 0, 9);
    made.max_field_bytes = between(right ? 250 : 0, 500);
    made.max_body_bytes = between(0, 60);
    made.max_chunk_extension_bytes = between(0, 30);
    made.max_trailer_bytes = between(0, 40);
    return made;
}

// Once, or twice: most clients say the same again and again.
void add(std::string& made, const std::string& next, dice& chance) {
    made += next;
    if (chance.one_in(4)) made += next;
}

// One to eight requests on one connection.
std::string right_input(dice& chance, const limits& bounds) {
    request_maker maker{chance, bounds};
    std::string made;
    for (std::size_t count = chance.between(1, 4); count > 0; --count)
        add(made, maker.make_valid(), chance);
    return made;
}

// The same with slips, with damage, or with both.
std::string wrong_input(dice& chance, const limits& bounds) {
    request_maker maker{chance, bounds};
    spoiler damage{chance};
    const bool slipping = chance.one_in(2);
    std::string made;
    for (std::size_t count = chance.between(1, 4); count > 0; --count)
        add(made, slipping ? maker.make_slipping() : maker.make_valid(), chance);
    if (chance.one_in(8)) made = damage.splice(made, maker.make_valid());
    for (std::size_t count = chance.between(slipping ? 0 : 1, 3); count > 0; --count)
        damage.spoil(made);
    return made;
}

// Up to eight pieces, at times byte by byte.
std::vector<std::size_t> some_cuts(dice& chance, std::size_t size) {
    std::vector<std::size_t> cuts;
    if (size <= 300 && chance.one_in(16)) {
        for (std::size_t at = 1; at < size; ++at) cuts.push_back(at);
        return cuts;
    }
    for (std::size_t count = chance.between(1, 7); count > 0; --count)
        cuts.push_back(chance.below(size + 1));
    std::ranges::sort(cuts);
    return cuts;
}

// A reading by the machine, or which of its promises it broke.
struct attempt {
    attempt(const differential_case& of, const std::vector<std::size_t>& cuts, request_head& head) {
        try {
            found = read_by_machine(of.input, cuts, of.bounds, head);
        } catch (const std::logic_error& which) {
            broken = which.what();
        }
    }

    std::string text() const {
        if (!broken.empty()) return "  breaks a promise: " + broken + '\n';
        return describe(found.said) + "  " + std::string{to_string(found.why)} + " at " +
               std::to_string(found.offset) + '\n';
    }

    machine_reading found;
    std::string broken;
};

bool agree(const differential_case& of, const plain::reading& expected, const attempt& whole,
           const attempt& cut) {
    return whole.broken.empty() && cut.broken.empty() && whole.found.said == expected &&
           cut.found == whole.found && !(of.right && expected.end == plain::ending::rejected);
}

std::string disagreement(const differential_case& of, const plain::reading& expected,
                         const attempt& whole, const attempt& cut) {
    std::string made = "limits: " + describe(of.bounds) + "\ninput: \"" + escaped(of.input) +
                       (of.right ? "\", which is right" : "\"") + "\nplain reader:\n" +
                       describe(expected) + "machine, whole:\n" + whole.text() + "machine, cut at";
    for (const std::size_t at : of.cuts) made += ' ' + std::to_string(at);
    return made + ":\n" + cut.text();
}

}  // namespace

differential_case::differential_case(std::uint64_t seed) {
    dice chance{seed};
    right = chance.one_in(2);
    bounds = some_limits(chance, right);
    input = right ? right_input(chance, bounds) : wrong_input(chance, bounds);
    cuts = some_cuts(chance, input.size());
}

std::string run_case(std::uint64_t seed, differential_counts& so_far) {
    const differential_case now{seed};
    const plain::reading expected = plain::read(now.input, as_plain(now.bounds));
    request_head head;
    const attempt whole{now, {}, head};
    const attempt cut{now, now.cuts, head};
    so_far.count(now.input, expected, whole.found.why);
    if (agree(now, expected, whole, cut)) return "";
    return "seed " + std::to_string(seed) + '\n' + disagreement(now, expected, whole, cut);
}

std::string run_splits(std::uint64_t seed) {
    differential_case now{seed};
    const plain::reading expected = plain::read(now.input, as_plain(now.bounds));
    request_head head;
    const attempt whole{now, {}, head};
    for (std::size_t at = 1; at < now.input.size(); ++at) {
        now.cuts = {at};
        const attempt cut{now, now.cuts, head};
        if (!agree(now, expected, whole, cut))
            return "seed " + std::to_string(seed) + '\n' + disagreement(now, expected, whole, cut);
    }
    return "";
}

}  // namespace weir::inline v0::http
