// Refuses, at compile time, a coroutine that is a lambda with captures: they live in the lambda,
// and that is gone, as a rule, when the coroutine goes on after its first wait.
//
// The headers that a service begins with include this directly, ahead of what leads here by longer
// ways: compilers print that way in front of what they have to say.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace weir::inline v0 {

// No trait knows a lambda, which has not even a complete type inside its own body. Its spelling
// does: "(lambda at file:1:2)" for clang, "f()::<lambda(int)>" for GCC.
template <class Type>
consteval bool is_lambda() {
    const std::string_view spelling = __PRETTY_FUNCTION__;
#if defined(__clang__)
    return spelling.find("Type = (lambda at ") != spelling.npos;
#else
    const std::string_view name = spelling.substr(0, spelling.rfind(']'));
    if (!name.ends_with('>')) return false;
    std::size_t at = name.size();
    for (int depth = 0; at > 0;) {
        --at;
        if (name[at] == '>') ++depth;
        if (name[at] == '<' && --depth == 0) break;
    }
    return name.substr(at).starts_with("<lambda(");
#endif
}

// GCC names the function that it instantiates before it comes to what is wrong in it.
template <class Lambda>
void a_lambda_that_captures_must_not_be_a_coroutine() {
    static_assert(std::is_empty_v<Lambda>,
                  "a lambda that captures must not be a coroutine: its captures die with the "
                  "lambda, while the coroutine waits; write a function, or pass them by value");
}

// Whether it captures is known at the end of the translation unit only, when what this names is
// instantiated.
template <void (*)()>
struct checked_later {};

template <class First>
struct lambda_rule {};
template <class Closure>
    requires(is_lambda<std::remove_const_t<Closure>>())
struct lambda_rule<Closure&>
    : checked_later<&a_lambda_that_captures_must_not_be_a_coroutine<Closure>> {};

}  // namespace weir::inline v0
