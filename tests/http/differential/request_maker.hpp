// Makes requests of every kind that the machine reads, and, where it is told to slip, some that it
// must refuse for what they say. How bytes go wrong on their way is the spoiler's affair.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/http/limits.hpp"

#include "http/differential/dice.hpp"

namespace weir::inline v0::http {

class request_maker {
public:
    // Both outlive it.
    request_maker(dice& chance, const limits& bounds) : dice_{&chance}, bounds_{&bounds} {}

    // One request, which keeps within the limits and breaks no rule.
    std::string make_valid() { return make(false); }
    // One that is wrong in some of its parts, or in none.
    std::string make_slipping() { return make(true); }

private:
    std::string make(bool slipping);
    std::string request_line();
    std::string method();
    std::string target(std::string_view method);
    std::string origin_form(std::size_t size);
    std::string absolute_form();
    std::string authority();
    std::vector<std::string> fields();
    void add_host(std::vector<std::string>& lines);
    void add_connection(std::vector<std::string>& lines);
    void add_expectation(std::vector<std::string>& lines);
    void add_other_fields(std::vector<std::string>& lines);
    std::string add_framing(std::vector<std::string>& lines);
    std::string known_length(std::vector<std::string>& lines);
    std::string chunks(std::vector<std::string>& lines);
    std::string chunk(std::size_t size);
    std::string extensions();
    std::string trailers();

    std::string line(std::string_view name, std::string_view value);
    std::string any_case(std::string_view name);
    std::string body(std::size_t size);
    std::size_t size_up_to(std::size_t limit);
    bool slips(std::size_t once_in = 16) { return slipping_ && dice_->one_in(once_in); }

    dice* dice_;
    const limits* bounds_;
    bool slipping_ = false;
    bool old_ = false;  // HTTP/1.0
    std::size_t extensions_left_ = 0;
};

}  // namespace weir::inline v0::http
