#include "weir/base/intrusive_list.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

struct item : list_hook<> {
    explicit item(int number) : number{number} {}
    int number;
};

TEST(intrusive_list, keeps_order_and_pops_from_the_front) {
    item one{1}, two{2}, three{3};
    intrusive_list<item> list;
    list.push_back(two);
    list.push_back(three);
    list.push_front(one);
    EXPECT_EQ(list.count(), 3U);
    EXPECT_EQ(list.try_pop_front(), &one);
    EXPECT_EQ(list.try_pop_front(), &two);
    EXPECT_EQ(list.try_pop_front(), &three);
    EXPECT_EQ(list.try_pop_front(), nullptr);
}

TEST(intrusive_list, loses_a_member_that_dies) {
    intrusive_list<item> list;
    item stays{1};
    {
        item goes{2};
        list.push_back(goes);
        list.push_back(stays);
    }
    EXPECT_EQ(list.count(), 1U);
    EXPECT_EQ(&list.front(), &stays);
}

TEST(intrusive_list, lets_its_members_go_when_it_dies) {
    item member{1};
    {
        intrusive_list<item> list;
        list.push_back(member);
    }
    EXPECT_FALSE(member.linked());
}

TEST(intrusive_list, takes_all_members_of_another) {
    item one{1}, two{2};
    intrusive_list<item> to, from;
    to.push_back(one);
    from.push_back(two);
    to.take(from);
    EXPECT_TRUE(from.empty());
    EXPECT_EQ(&to.back(), &two);
}

TEST(intrusive_list, may_lose_the_visited_member_during_a_visit) {
    item one{1}, two{2};
    intrusive_list<item> list;
    list.push_back(one);
    list.push_back(two);
    int sum = 0;
    list.each([&](item& at) {
        sum += at.number;
        at.unlink();
    });
    EXPECT_EQ(sum, 3);
    EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace weir::inline v0
