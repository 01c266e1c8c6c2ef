// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {BadTerms} from "./Errors.sol";

/// @title Terms of a work, and grants, each in one word
/// @notice Eight uses by number: 0 derivative works, 1 modification, 2 commercial use, 3 promotional use, 4 text and data
/// mining, 5 AI training, 6 training of generative AI, 7 input to AI. Times are seconds since 1970; a window holds from its
/// first second up to, not including, its last one; 0 as an end is none. Territories contain the ones with higher numbers:
/// 0 the world, 1 the members of the Council of Europe, 2 the EEA, 3 the EU.
///
/// Terms, from the lowest bit: 16 modes of uses, two bits each (0 no, 1 for everybody, 2 by grant, 3 by grant or at the
/// price of the offer); 1 grants may be revoked; 1 licensees may sublicense; 6 zero; 8 territory; 40 promotion from; 40
/// promotion until; 40 expiry; 16 days that a bought grant lasts; 16 share of a resale in ten-thousandths; then what the
/// contract keeps itself: 24 revision; 40 time of the last change; 1 closed; 7 zero.
///
/// A grant: 8 uses, a bit each; 1 may be revoked; 1 may sublicense; 6 territory; 40 from; 40 until; 160 whose licence it is
/// taken from, for a sublicence.
library Terms {
    uint8 internal constant PROMOTION = 3;
    uint8 internal constant TERRITORY_MAX = 3;

    uint256 internal constant NO = 0;
    uint256 internal constant FOR_EVERYBODY = 1;
    uint256 internal constant AT_A_PRICE = 3;

    /// @dev What a rightsholder says; the rest is the contract's.
    uint256 internal constant SAID = ((1 << 184) - 1) & ~uint256(0x3f << 18);
    uint256 internal constant CLOSED = 1 << 248;
    /// @dev The part of a grant that its giver says: all but whose licence it is taken from.
    uint256 internal constant GRANT_BITS = 96;

    function check(uint256 terms) internal pure {
        if (
            terms & ~SAID != 0 || territory(terms) > TERRITORY_MAX || promotionFrom(terms) >= promotionUntil(terms)
                || share(terms) > 10_000
        ) revert BadTerms();
    }

    /// @dev The same terms with what the contract keeps.
    function stamped(uint256 terms, uint256 revision_, uint256 time) internal pure returns (uint256) {
        return (terms & SAID) | ((revision_ & 0xffffff) << 184) | (time << 208);
    }

    function mode(uint256 terms, uint256 use) internal pure returns (uint256) {
        return (terms >> (2 * use)) & 3;
    }

    /// @dev Whether all the uses of a mask have at least this mode.
    function allHave(uint256 terms, uint256 uses, uint256 least) internal pure returns (bool) {
        for (; uses != 0; uses >>= 1) {
            if (uses & 1 == 1 && terms & 3 < least) return false;
            terms >>= 2;
        }
        return true;
    }

    function grantsMayBeRevoked(uint256 terms) internal pure returns (bool) {
        return (terms >> 16) & 1 == 1;
    }

    function licenseesMaySublicense(uint256 terms) internal pure returns (bool) {
        return (terms >> 17) & 1 == 1;
    }

    function territory(uint256 terms) internal pure returns (uint256) {
        return (terms >> 24) & 0xff;
    }

    function promotionFrom(uint256 terms) internal pure returns (uint256) {
        return uint40(terms >> 32);
    }

    function promotionUntil(uint256 terms) internal pure returns (uint256) {
        return end(uint40(terms >> 72));
    }

    function expiry(uint256 terms) internal pure returns (uint256) {
        return end(uint40(terms >> 112));
    }

    function boughtDays(uint256 terms) internal pure returns (uint256) {
        return uint16(terms >> 152);
    }

    function share(uint256 terms) internal pure returns (uint256) {
        return uint16(terms >> 168);
    }

    function revision(uint256 terms) internal pure returns (uint256) {
        return uint24(terms >> 184);
    }

    function changedAt(uint256 terms) internal pure returns (uint256) {
        return uint40(terms >> 208);
    }

    function isClosed(uint256 terms) internal pure returns (bool) {
        return terms & CLOSED != 0;
    }

    /// @dev Whether everybody may: what was so before the last change is not known here.
    function isForEverybody(uint256 terms, uint256 use, uint256 time, uint256 where) internal pure returns (bool) {
        return mode(terms, use) == FOR_EVERYBODY && !isClosed(terms) && time >= changedAt(terms) && time < expiry(terms)
            && where >= territory(terms)
            && (use != PROMOTION || (time >= promotionFrom(terms) && time < promotionUntil(terms)));
    }

    function grantUses(uint256 grant) internal pure returns (uint256) {
        return uint8(grant);
    }

    function grantMayBeRevoked(uint256 grant) internal pure returns (bool) {
        return (grant >> 8) & 1 == 1;
    }

    function grantMaySublicense(uint256 grant) internal pure returns (bool) {
        return (grant >> 9) & 1 == 1;
    }

    function grantTerritory(uint256 grant) internal pure returns (uint256) {
        return (grant >> 10) & 0x3f;
    }

    function grantFrom(uint256 grant) internal pure returns (uint256) {
        return uint40(grant >> 16);
    }

    /// @dev Always a number: no grant is without an end.
    function grantUntil(uint256 grant) internal pure returns (uint256) {
        return uint40(grant >> 56);
    }

    function grantParent(uint256 grant) internal pure returns (address) {
        return address(uint160(grant >> GRANT_BITS));
    }

    function grantIn(uint256 grant, uint256 use, uint256 time, uint256 where) internal pure returns (bool) {
        return (grant >> use) & 1 == 1 && time >= grantFrom(grant) && time < grantUntil(grant)
            && where >= grantTerritory(grant);
    }

    /// @dev The same grant that ends now, or that never begins.
    function endedAt(uint256 grant, uint256 time) internal pure returns (uint256) {
        uint256 from = grantFrom(grant);
        uint256 until = time > from ? time : from;
        return (grant & ~(uint256(type(uint40).max) << 56)) | (until << 56);
    }

    function end(uint256 time) private pure returns (uint256) {
        return time == 0 ? type(uint40).max : time;
    }
}
