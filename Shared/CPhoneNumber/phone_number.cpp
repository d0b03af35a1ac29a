#include "CPhoneNumber.h"

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumbermatch.h>
#include <phonenumbers/phonenumbermatcher.h>
#include <phonenumbers/phonenumberutil.h>

#include <cstdio>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberMatch;
using i18n::phonenumbers::PhoneNumberMatcher;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

hearth_phone_kind kind_of(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE: return HEARTH_PHONE_FIXED_LINE;
    case PhoneNumberUtil::MOBILE: return HEARTH_PHONE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return HEARTH_PHONE_FIXED_OR_MOBILE;
    case PhoneNumberUtil::UNKNOWN: return HEARTH_PHONE_UNKNOWN;
    default: return HEARTH_PHONE_SERVICE;
    }
}

bool copy(const std::string &text, char *to, size_t size) {
    return std::snprintf(to, size, "%s", text.c_str()) < static_cast<int>(size);
}

// False when a part does not fit, which no number of ITU-T E.164 does.
bool describe(const PhoneNumber &number, hearth_phone *phone) {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    std::string e164, national, region;
    util->Format(number, PhoneNumberUtil::E164, &e164);
    util->Format(number, PhoneNumberUtil::NATIONAL, &national);
    util->GetRegionCodeForNumber(number, &region);
    phone->kind = kind_of(util->GetNumberType(number));
    phone->is_valid = util->IsValidNumber(number);
    if (region.size() != 2) region.clear();
    return copy(e164, phone->e164, sizeof phone->e164) && copy(national, phone->national, sizeof phone->national)
        && copy(region, phone->region, sizeof phone->region);
}

} // namespace

extern "C" bool hearth_phone_parse(const char *text, const char *region, hearth_phone *phone) {
    try {
        const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumber number;
        if (util->Parse(text, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return false;
        return util->IsPossibleNumber(number) && describe(number, phone);
    } catch (...) {
        return false;
    }
}

extern "C" size_t hearth_phone_find(const char *text, const char *region, int tries, hearth_phone_match *matches, size_t most) {
    size_t count = 0;
    try {
        const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumberMatcher matcher(*util, text, region, PhoneNumberMatcher::VALID, tries);
        PhoneNumberMatch match;
        while (count < most && matcher.HasNext() && matcher.Next(&match)) {
            if (!describe(match.number(), &matches[count].phone)) continue;
            matches[count].start = static_cast<size_t>(match.start());
            matches[count].length = static_cast<size_t>(match.length());
            ++count;
        }
    } catch (...) {
    }
    return count;
}
