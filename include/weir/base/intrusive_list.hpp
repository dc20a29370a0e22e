// A doubly linked list of objects that carry their own links: no allocation, and an object that
// dies leaves whatever list it is in. Not thread-safe: one loop, or one lock, owns a list and its
// members.
#pragma once

#include <cassert>
#include <cstddef>

namespace weir::inline v0 {

// Derive from list_hook<Tag>; several hooks with different tags put one object into several lists.
template <class Tag = void>
class list_hook {
public:
    list_hook() noexcept = default;
    list_hook(const list_hook&) = delete;
    list_hook& operator=(const list_hook&) = delete;
    ~list_hook() { unlink(); }

    bool linked() const noexcept { return next_ != nullptr; }

    void unlink() noexcept {
        if (next_ == nullptr) return;
        previous_->next_ = next_;
        next_->previous_ = previous_;
        next_ = previous_ = nullptr;
    }

    void link_before(list_hook& position) noexcept {
        assert(!linked());
        next_ = &position;
        previous_ = position.previous_;
        previous_->next_ = this;
        position.previous_ = this;
    }

private:
    template <class, class>
    friend class intrusive_list;

    list_hook* next_ = nullptr;
    list_hook* previous_ = nullptr;
};

template <class T, class Tag = void>
class intrusive_list {
    using hook = list_hook<Tag>;

public:
    intrusive_list() noexcept { head_.next_ = head_.previous_ = &head_; }
    intrusive_list(const intrusive_list&) = delete;
    intrusive_list& operator=(const intrusive_list&) = delete;
    ~intrusive_list() {
        while (!empty()) front().hook::unlink();
        head_.next_ = head_.previous_ = nullptr;
    }

    bool empty() const noexcept { return head_.next_ == &head_; }
    T& front() noexcept {
        // The analyzer destroys what an optional holds twice, its union's destructor being empty.
        // NOLINTNEXTLINE(clang-analyzer-core.uninitialized.UndefReturn)
        return static_cast<T&>(*head_.next_);
    }
    T& back() noexcept { return static_cast<T&>(*head_.previous_); }
    void push_back(T& item) noexcept { static_cast<hook&>(item).link_before(head_); }
    void push_front(T& item) noexcept { static_cast<hook&>(item).link_before(*head_.next_); }

    T* try_pop_front() noexcept {
        if (empty()) return nullptr;
        T& item = front();
        static_cast<hook&>(item).unlink();
        return &item;
    }

    T* try_pop_back() noexcept {
        if (empty()) return nullptr;
        T& item = back();
        static_cast<hook&>(item).unlink();
        return &item;
    }

    // Moves all of other's members behind this list's own.
    void take(intrusive_list& other) noexcept {
        if (other.empty()) return;
        hook* first = other.head_.next_;
        hook* last = other.head_.previous_;
        other.head_.next_ = other.head_.previous_ = &other.head_;
        first->previous_ = head_.previous_;
        head_.previous_->next_ = first;
        last->next_ = &head_;
        head_.previous_ = last;
    }

    // O(n); for introspection.
    std::size_t count() const noexcept {
        std::size_t members = 0;
        for (const hook* at = head_.next_; at != &head_; at = at->next_) ++members;
        return members;
    }

    // visit(T&) for each member; visit may unlink the member it is given, and no other.
    template <class Visit>
    void each(Visit visit) {
        for (hook* at = head_.next_; at != &head_;) {
            hook* next = at->next_;
            visit(static_cast<T&>(*at));
            at = next;
        }
    }

    // The same, from the front on, for as long as visit answers true.
    template <class Visit>
    void each_while(Visit visit) {
        for (hook* at = head_.next_; at != &head_;) {
            hook* next = at->next_;
            if (!visit(static_cast<T&>(*at))) return;
            at = next;
        }
    }

private:
    hook head_;
};

}  // namespace weir::inline v0
