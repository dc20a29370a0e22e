// The loop of plain_fields.hpp, once for each kind of vector: included where `vector` and
// WEIR_VECTOR_TARGET, the attribute of functions that may use its instructions, are defined.

constexpr std::uint16_t as_two_bytes(char first, char second) noexcept {
    return std::bit_cast<std::uint16_t>(std::array{first, second});
}

WEIR_VECTOR_TARGET inline std::uint16_t two_bytes(const char* at) noexcept {
    std::uint16_t both = 0;
    std::memcpy(&both, at, sizeof both);
    return both;
}

// Where the value ends, or last. [first - vector::width, last) is readable.
WEIR_VECTOR_TARGET inline const char* end_of_value(const char* first, const char* last) noexcept {
    for (; last - first >= vector::width; first += vector::width)
        if (const std::uint32_t ends = vector::value_ends(first))
            return first + std::countr_zero(ends);
    const std::uint32_t ends = first == last ? 0
                                             : vector::value_ends(last - vector::width) >>
                                                   (vector::width - (last - first));
    return ends != 0 ? first + std::countr_zero(ends) : last;
}

// What follows the line, or null.
WEIR_VECTOR_TARGET inline const char* skim(const char* first, const char* last,
                                           field& content) noexcept {
    // Behind the longest name that is looked for: colon, space, and what must be visible.
    if (last - first < vector::width + 2) return nullptr;
    const auto size = static_cast<std::uint32_t>(std::countr_zero(vector::name_ends(first)));
    if (size - 1 >= vector::width - 1) return nullptr;
    const char* const start = first + size + 2;
    if (two_bytes(first + size) != as_two_bytes(':', ' ') ||
        static_cast<unsigned char>(*start) <= ' ')
        return nullptr;
    const char* const end = end_of_value(start, last);
    if (last - end < 2 || two_bytes(end) != as_two_bytes('\r', '\n') || end[-1] == ' ')
        return nullptr;
    content.name = {first, size};
    content.value = {start, static_cast<std::size_t>(end - start)};
    return end + 2;
}

WEIR_VECTOR_TARGET skimmed_fields skim_all(const char* first, const char* last, const char* limit,
                                           std::span<field> into) noexcept {
    skimmed_fields found{first, 0, 0};
    const std::size_t most = std::min(into.size(), std::size_t{64});
    while (found.count < most) {
        field& each = into.data()[found.count];
        const char* const next = skim(found.next, last, each);
        if (next == nullptr || next > limit) break;
        found.next = next;
        found.known |= std::uint64_t{control_fields::may_know(each.name)} << found.count++;
    }
    return found;
}
