// Which objects stay on the loop that made them.
//
// A class says so of its objects with a public `using loop_bound = void;`. What carries arguments
// to another loop (io::run_on) asks here, and does not compile with such an object, nor with a
// pointer or a reference to one. What an argument owns or refers to further down is not looked at.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

namespace weir::inline v0 {

template <class T>
inline constexpr bool is_loop_bound = requires { typename std::remove_cvref_t<T>::loop_bound; };

template <class T>
concept points_to_loop_bound = requires(T& to) { requires is_loop_bound<decltype(*to)>; };

template <class T>
concept crosses_loops = !is_loop_bound<std::unwrap_reference_t<T>> && !points_to_loop_bound<T>;

}  // namespace weir::inline v0
