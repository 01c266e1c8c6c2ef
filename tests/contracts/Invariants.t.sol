// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Support, vm} from "./Support.sol";

/// @dev Does what anybody could do, in any order, and keeps apart what the contract should have come to.
contract Anybody is Support {
    struct Known {
        bytes32 record;
        address licensee;
        uint256 expiry;
        uint256 promotionFrom;
        uint256 promotionUntil;
        uint256 modes;
        uint256 parentUntil;
    }

    address[40] private actors;
    mapping(address actor => uint256) private keyOf;
    bytes32[3] private works = [bytes32("w0"), "w1", "w2"];

    Known[] public known;
    uint256 public paid;
    uint256 public fetched;
    /// @dev Set when somebody came to more than the rightsholder gave.
    bool public wasWidened;
    mapping(bytes32 record => uint256) private said;
    mapping(bytes32 record => mapping(address licensee => bool)) private wasGiven;

    constructor() {
        for (uint256 i = 0; i < actors.length; i++) {
            actors[i] = vm.addr(1_000 + i);
            keyOf[actors[i]] = 1_000 + i;
        }
        for (uint256 i = 0; i < works.length - 1; i++) {
            uint256 wide = word(0xffff, 3, 0, 0, 0, 0);
            uint256 narrow = word(0xffc3, 2, 1, START + 50, START + 3_000, START + 5_000);
            bytes32 record = opened(works[i], i == 0 ? wide : narrow);
            said[record] = i == 0 ? wide : narrow;
            (address[] memory payees, uint16[] memory shares) = split2();
            vm.prank(holder);
            terms.offer(record, address(euro), 1_001, payees, shares, address(0), "");
        }
    }

    /// @dev Small numbers are drawn more often than others: all bits are to be drawn.
    function mix(uint256 seed) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function count() external view returns (uint256) {
        return known.length;
    }

    function contractOfTerms() external view returns (address) {
        return address(terms);
    }

    function owedToAll() external view returns (uint256) {
        return terms.owed(address(euro), address(0xAA)) + terms.owed(address(euro), address(0xBB));
    }

    function held() external view returns (uint256) {
        return euro.balanceOf(address(terms));
    }

    function current(uint256 i) external view returns (uint256) {
        return terms.grants(known[i].record, known[i].licensee);
    }

    function pick(uint256 seed) private view returns (bytes32 work, bytes32 record, address actor) {
        work = works[seed % works.length];
        record = terms.recordOf(work, holder);
        // A few of them meet again.
        actor = actors[(seed >> 8) % actors.length];
    }

    /// @dev A grant that was given, now and then one that was not.
    function pickGiven(uint256 seed) private view returns (bytes32 record, address licensee) {
        if (known.length == 0 || seed % 8 == 0) (, record, licensee) = pick(seed);
        else (record, licensee) = (known[(seed >> 8) % known.length].record, known[(seed >> 8) % known.length].licensee);
    }

    /// @dev The uses of a mask whose mode is at least this, now and then all of it.
    function usable(bytes32 record, uint256 uses, uint256 least) private view returns (uint8) {
        if (uses % 8 == 0) return uint8(uses);
        for (uint256 use = 0; use < 8; use++)
            if ((said[record] >> (2 * use)) & 3 < least) uses &= ~(1 << use);
        return uint8(uses);
    }

    function drawnTerms(uint256 seed) private view returns (uint256) {
        uint256 t = block.timestamp;
        uint256 from = seed & 1 == 0 ? 0 : t + (seed >> 40) % 100;
        return word(
            uint16(seed >> 1) | 0xc3, uint8(seed >> 17) & 3, uint8(seed >> 24) & 3, from,
            from == 0 ? 0 : from + 1 + (seed >> 60) % 5_000, seed & 2 == 0 ? 0 : t + 1 + (seed >> 80) % 20_000
        );
    }

    function open(uint256 seed) external {
        seed = mix(seed);
        (bytes32 work, bytes32 record,) = pick(seed);
        uint256 drawn = drawnTerms(seed);
        vm.prank(holder);
        terms.open(work, holder, drawn, "");
        said[record] = drawn;
    }

    function change(uint256 seed, bool isHolder) external {
        seed = mix(seed);
        (, bytes32 record, address actor) = pick(seed);
        uint256 drawn = drawnTerms(seed);
        vm.prank(isHolder ? holder : actor);
        terms.change(record, drawn, "");
        if (!isHolder) wasWidened = true;
        said[record] = drawn;
    }

    function offer(uint256 seed, uint96 price, bool isHolder) external {
        seed = mix(seed);
        (, bytes32 record, address actor) = pick(seed);
        (address[] memory payees, uint16[] memory shares) = split2();
        vm.prank(isHolder ? holder : actor);
        terms.offer(record, address(euro), price, payees, shares, actor, "");
        if (!isHolder) wasWidened = true;
    }

    function handOn(uint256 seed) external {
        seed = mix(seed);
        (, bytes32 record, address actor) = pick(seed);
        vm.prank(actor);
        terms.handOn(record, actor, "");
        wasWidened = true;
    }

    function grantTo(uint256 seed, uint256 uses, uint256 length, uint8 how) external {
        seed = mix(seed);
        uses = mix(uses);
        length = mix(length);
        (, bytes32 record, address actor) = pick(seed);
        uint96 grant = drawnGrant(record, seed, uses, length);
        bytes memory consent;
        if (how % 8 < 3) consent = signed(HOLDER_KEY, grantHash(record, actor, grant, 0, revisionOf(record)));
        if (how % 8 == 6) consent = signed(HOLDER_KEY + 1, grantHash(record, actor, grant, 0, revisionOf(record)));
        vm.prank(how % 8 < 6 && how % 8 > 2 ? holder : actor);
        terms.grantTo(record, actor, grant, consent);
        if (how % 8 > 5) wasWidened = true;
        keep(record, actor, 0);
    }

    function grantForPrice(uint256 seed, uint256 uses, uint256 length, uint96 price, bool isSigned) external {
        seed = mix(seed);
        uses = mix(uses);
        length = mix(length);
        (, bytes32 record, address actor) = pick(seed);
        uint96 grant = drawnGrant(record, seed, uses, length);
        // Signed is the price; paid is what the sender says.
        bytes memory consent =
            signed(HOLDER_KEY, grantHash(record, actor, grant, isSigned ? price : price / 2 + 1, revisionOf(record)));
        (address[] memory payees, uint16[] memory shares) = split2();
        fund(actor, price);
        vm.prank(actor);
        terms.grantForPrice(record, actor, grant, price, payees, shares, consent);
        if (!isSigned && price / 2 + 1 != price) wasWidened = true;
        paid += price;
        keep(record, actor, 0);
    }

    function buy(uint256 seed, uint256 drawn) external {
        seed = mix(seed);
        drawn = mix(drawn);
        (, bytes32 record, address actor) = pick(seed);
        uint8 uses = usable(record, drawn, 3);
        (,, uint96 price,,,) = terms.records(record);
        (address[] memory payees, uint16[] memory shares) = split2();
        fund(actor, price);
        uint24 revision = revisionOf(record);
        vm.prank(actor);
        terms.buy(record, actor, uses, revision, payees, shares);
        for (uint256 use = 0; use < 8; use++)
            if ((uses >> use) & 1 == 1 && (said[record] >> (2 * use)) & 3 != 3) wasWidened = true;
        paid += price;
        keep(record, actor, 0);
    }

    function sublicense(uint256 seed, uint256 uses, uint256 length) external {
        seed = mix(seed);
        uses = mix(uses);
        length = mix(length);
        (bytes32 record, address from) = pickGiven(seed);
        (,, address actor) = pick(seed >> 16);
        uint256 own = terms.grants(record, from);
        uint96 grant = uses % 8 == 0
            ? drawnGrant(record, seed, uses, length)
            : grantWord(uint8(uses & own), 0, 3, uint40(own >> 16), uint40(own >> 56) + 3 - length % 10);
        bool isSigned = (seed >> 32) % 8 != 0 && keyOf[from] != 0;
        bytes memory consent = signed(isSigned ? keyOf[from] : 999, sublicenceHash(record, actor, grant));
        vm.prank(actor);
        terms.sublicense(record, from, grant, consent);
        if (!isSigned) wasWidened = true;
        keep(record, actor, uint40(terms.grants(record, from) >> 56));
    }

    function revoke(uint256 seed, uint256 who) external {
        seed = mix(seed);
        who = mix(who);
        (bytes32 record, address actor) = pickGiven(seed);
        uint256 before = terms.grants(record, actor);
        vm.prank(who % 2 == 0 ? holder : actor);
        terms.revoke(record, actor, "");
        if (uint40(terms.grants(record, actor) >> 56) > uint40(before >> 56)) wasWidened = true;
    }

    function pause(bool isPaused) external {
        vm.prank(GUARDIAN);
        terms.pause(isPaused && block.timestamp % 4 == 0);
    }

    function fetch(uint256 seed) external {
        seed = mix(seed);
        address actor = seed % 2 == 0 ? address(0xAA) : address(0xBB);
        fetched += terms.fetch(address(euro), actor);
    }

    function wait(uint256 seconds_) external {
        vm.warp(block.timestamp + seconds_ % 300);
    }

    /// @dev Nobody may what neither the terms of the holder give to everybody nor a grant gave.
    function ask(uint256 seed, uint8 use, uint24 later) external {
        seed = mix(seed);
        (, bytes32 record, address actor) = pick(seed);
        bool isForEverybody = use < 8 && (said[record] >> (2 * uint256(use))) & 3 == 1;
        if (terms.isPermittedIn(record, actor, use, block.timestamp + later, 3) && !isForEverybody && !wasGiven[record][actor])
            wasWidened = true;
    }

    function drawnGrant(bytes32 record, uint256 seed, uint256 uses, uint256 length) private view returns (uint96) {
        uint256 t = block.timestamp;
        uint256 now_ = said[record];
        uint256 from = t + (seed >> 100) % 500;
        uint256 until = from + length % 10_000;
        uint256 flags = (seed >> 90) & 3;
        if (uses % 8 == 0) return grantWord(uint8(uses), flags, (seed >> 92) & 3, from, until);
        uint8 may = length % 5 == 0 ? uint8(uses) : usable(record, uses, 1);
        uint256 last = uint40(now_ >> 112);
        if ((may >> 3) & 1 == 1 && uint40(now_ >> 72) != 0) (from, last) = (uint40(now_ >> 32), uint40(now_ >> 72));
        if (last != 0 && until > last && length % 3 != 0) until = last;
        return grantWord(may, flags & (1 | ((now_ >> 16) & 2)), 3, from, until);
    }

    function fund(address actor, uint256 amount) private {
        euro.make(actor, amount);
        vm.prank(actor);
        euro.approve(address(terms), amount);
    }

    function keep(bytes32 record, address licensee, uint256 parentUntil) private {
        uint256 now_ = said[record];
        wasGiven[record][licensee] = true;
        known.push(
            Known(
                record,
                licensee,
                uint40(now_ >> 112),
                uint40(now_ >> 32),
                uint40(now_ >> 72),
                now_ & 0xffff,
                parentUntil
            )
        );
    }
}

contract InvariantsTest {
    Anybody private anybody;

    function setUp() public {
        anybody = new Anybody();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(anybody);
    }

    /// @dev In one campaign: each would make all the same calls.
    function invariant_payments_terms_and_consent_hold() public view {
        whatWasPaidIsOwedOrWasFetched();
        noGrantOutlivesItsTerms();
        nobodyButTheRightsholderWidensAnything();
    }

    function whatWasPaidIsOwedOrWasFetched() private view {
        require(anybody.paid() == anybody.owedToAll() + anybody.fetched(), "paid = owed + fetched");
        require(anybody.held() == anybody.owedToAll(), "the contract holds what it owes");
    }

    function noGrantOutlivesItsTerms() private view {
        for (uint256 i = 0; i < anybody.count(); i++) {
            (,, uint256 expiry, uint256 from, uint256 until, uint256 modes, uint256 parentUntil) = anybody.known(i);
            uint256 grant = anybody.current(i);
            uint256 ends = uint40(grant >> 56);
            if (parentUntil != 0) {
                require(ends <= parentUntil, "a sublicence ends with its licence");
                continue;
            }
            require(expiry == 0 || ends <= expiry, "a grant ends with its terms");
            for (uint256 use = 0; use < 8; use++)
                require((grant >> use) & 1 == 0 || (modes >> (2 * use)) & 3 != 0, "a grant gives what the terms do not refuse");
            if ((grant >> 3) & 1 == 1 && until != 0)
                require(ends <= until && uint40(grant >> 16) >= from, "promotion keeps to its window");
        }
    }

    function nobodyButTheRightsholderWidensAnything() private view {
        require(!anybody.wasWidened());
    }
}
