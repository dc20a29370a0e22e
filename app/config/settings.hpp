// Every key that a configuration was asked for, and the value that is in effect: its own, or the
// default. What `weir check` prints, and what the schema for editors is held to.
//
// Values are TOML. A text stands as it is written, its ${NAME}s not expanded, and a secret as ***:
// nothing here tells what came from the environment or from a file.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::app {

struct setting {
    std::string key;    // dotted, as in a problem: "endpoint.vendor.params.prefix.min"
    std::string value;  // empty where the key is known and there is none
};

class settings {
public:
    // What is asked for from here on stands under this header, "[limits]" or "[[endpoint]]". Its
    // keys begin with `prefix`.
    void begin_table(std::string header, std::string prefix);

    void ask(std::string key);
    // Of a key that has been asked for.
    void set(const std::string& key, std::string value);

    const std::vector<setting>& all() const noexcept { return all_; }
    // A document that means the same, with every default in its place. The endpoints come last.
    std::string toml() const;

private:
    struct table {
        std::string header;
        std::string prefix;
        std::vector<std::size_t> keys;  // in all_
    };

    static void write(const table& table, const std::vector<setting>& all, std::string& into);

    std::vector<setting> all_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::vector<table> tables_{{}};
};

// A text as a TOML string; one of several lines as a literal one, where it can be.
std::string toml_text(std::string_view text);

}  // namespace weir::app
