// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import "../../contracts/Errors.sol";
import {IColophonTerms} from "../../contracts/IColophonTerms.sol";
import {Calling, Greedy, Support, vm} from "./Support.sol";

contract TermsTest is Support {
    address private constant LICENSEE = address(0x11CE);
    address private constant STRANGER = address(0xBAD);

    function offered(bytes32 record, address token, uint96 price) private {
        (address[] memory payees, uint16[] memory shares) = split2();
        vm.prank(holder);
        terms.offer(record, token, price, payees, shares, address(0xCC), "");
    }

    function test_uses_hold_from_their_first_second_to_before_their_last() public {
        uint256 t = START;
        bytes32 record = opened("w", word(MODES, 3, 2, t + 10, t + 20, t + 100));
        vm.prank(holder);
        terms.grantTo(record, LICENSEE, grantWord(1 | 8, 1, 3, t + 10, t + 20), "");
        require(!terms.isPermittedIn(record, LICENSEE, 3, t + 9, 3));
        require(terms.isPermittedIn(record, LICENSEE, 3, t + 10, 3));
        require(terms.isPermittedIn(record, LICENSEE, 0, t + 19, 3));
        require(!terms.isPermittedIn(record, LICENSEE, 0, t + 20, 3));
        require(!terms.isPermittedIn(record, LICENSEE, 0, t + 15, 2), "the EU is not the EEA");
        require(!terms.isPermitted(record, LICENSEE, 0, t + 15), "nor the world");
        require(!terms.isPermittedIn(record, STRANGER, 0, t + 15, 3));
        require(!terms.isPermittedIn(record, LICENSEE, 1, t + 15, 3));
        // Mining is for everybody, in the EEA and what is in it, up to the expiry; before the record nothing is known.
        require(terms.isPermittedIn(record, STRANGER, 4, t + 99, 2));
        require(!terms.isPermittedIn(record, STRANGER, 4, t + 100, 2));
        require(!terms.isPermittedIn(record, STRANGER, 4, t - 1, 2));
        require(!terms.isPermittedIn(record, STRANGER, 4, t, 1));
        require(!terms.isPermittedIn(record, STRANGER, 4, t, 4), "there is no such territory");
        require(!terms.isPermitted(record, STRANGER, 8, t), "there is no such use");
        require(!terms.isPermittedIn(record, LICENSEE, type(uint256).max, t + 15, 3));
    }

    function test_terms_that_cannot_be_are_refused() public {
        uint256[6] memory bad = [
            uint256(1 << 18),
            1 << 184,
            1 << 255,
            word(MODES, 0, 4, 0, 0, 0),
            word(MODES, 0, 0, 20, 20, 0),
            word(MODES, 0, 0, 0, 0, 0) | (uint256(10_001) << 168)
        ];
        for (uint256 i = 0; i < bad.length; i++) {
            vm.prank(holder);
            vm.expectRevert(BadTerms.selector);
            terms.open("w", holder, bad[i], "");
        }
    }

    function test_a_name_cannot_be_taken_and_a_record_cannot_be_opened_twice() public {
        vm.expectRevert(NoConsent.selector);
        terms.open("w", holder, MODES, "");
        bytes32 record = opened("w", MODES);
        vm.prank(STRANGER);
        require(terms.open("w", STRANGER, MODES, "") != record);
        vm.prank(holder);
        vm.expectRevert(AlreadyThere.selector);
        terms.open("w", holder, MODES, "");
        vm.expectRevert(NoConsent.selector);
        terms.open("w", address(0), MODES, new bytes(65));
    }

    function test_grants_stay_within_their_terms() public {
        uint256 t = START;
        bytes32 record = opened("w", word(MODES, 1, 1, t + 10, t + 20, t + 100));
        uint96[9] memory bad = [
            grantWord(2, 0, 1, t, t + 50),
            grantWord(1, 0, 1, t, t + 101),
            grantWord(1, 0, 0, t, t + 50),
            grantWord(1, 2, 1, t, t + 50),
            grantWord(8, 0, 1, t + 9, t + 20),
            grantWord(8, 0, 1, t + 10, t + 21),
            grantWord(0, 0, 1, t, t + 50),
            grantWord(1, 0, 4, t, t + 50),
            grantWord(1, 0, 1, t - 50, t)
        ];
        for (uint256 i = 0; i < bad.length; i++) {
            vm.prank(holder);
            vm.expectRevert(NotWithinTerms.selector);
            terms.grantTo(record, LICENSEE, bad[i], "");
        }
    }

    function test_a_signature_is_good_once_here_and_for_what_it_says() public {
        uint256 t = START;
        bytes32 record = opened("w", word(MODES, 1, 0, 0, 0, 0));
        uint96 grant = grantWord(1, 1, 0, t, t + 50);
        bytes memory consent = signed(HOLDER_KEY, grantHash(record, LICENSEE, grant, 0, 0));
        vm.expectRevert(NoConsent.selector);
        terms.grantTo(record, STRANGER, grant, consent);
        vm.expectRevert(NoConsent.selector);
        terms.grantTo(record, LICENSEE, grantWord(1, 1, 0, t, t + 51), consent);
        // The other form of the same signature.
        bytes memory other = signed(HOLDER_KEY, grantHash(record, LICENSEE, grant, 0, 0));
        uint256 s;
        assembly {
            s := mload(add(other, 64))
            mstore(add(other, 64), sub(K1, s))
        }
        other[64] = other[64] == bytes1(uint8(27)) ? bytes1(uint8(28)) : bytes1(uint8(27));
        vm.expectRevert(NoConsent.selector);
        terms.grantTo(record, LICENSEE, grant, other);
        vm.chainId(HERE + 1);
        vm.expectRevert(NoConsent.selector);
        terms.grantTo(record, LICENSEE, grant, consent);
        vm.chainId(HERE);
        terms.grantTo(record, LICENSEE, grant, consent);
        vm.expectRevert(AlreadyThere.selector);
        terms.grantTo(record, LICENSEE, grant, consent);
        vm.prank(holder);
        terms.revoke(record, LICENSEE, "");
        require(!terms.isPermitted(record, LICENSEE, 0, t));
        vm.expectRevert(AlreadyThere.selector);
        terms.grantTo(record, LICENSEE, grant, consent);
    }

    function test_another_contract_does_not_take_the_signature_and_a_change_ends_what_was_signed() public {
        uint256 t = START;
        bytes32 record = opened("w", MODES);
        uint96 grant = grantWord(1, 1, 0, t, t + 50);
        bytes memory consent = signed(HOLDER_KEY, grantHash(record, LICENSEE, grant, 0, 0));
        IColophonTerms foreign = deployed();
        vm.prank(holder);
        foreign.open("w", holder, MODES, "");
        vm.expectRevert(NoConsent.selector);
        foreign.grantTo(record, LICENSEE, grant, consent);
        vm.prank(holder);
        terms.change(record, MODES, "");
        vm.expectRevert(NoConsent.selector);
        terms.grantTo(record, LICENSEE, grant, consent);
    }

    function testFuzz_bytes_are_no_consent(bytes calldata consent) public {
        bytes32 record = opened("w", MODES);
        vm.expectRevert();
        terms.change(record, 0, consent);
    }

    function openedByPasskey(uint256 key, bytes1 flags, bool isGood) private returns (bytes32) {
        bytes32 said = keccak256(abi.encode(keccak256("Open(bytes32 work,uint256 terms)"), bytes32("w"), MODES));
        bytes memory consent = byPasskey(key, said, flags, false);
        address own = passkeyHolder(key);
        if (!isGood) vm.expectRevert(NoConsent.selector);
        terms.open("w", own, MODES, consent);
        return keccak256(abi.encode(bytes32("w"), own));
    }

    function testFuzz_a_passkey_says_that_somebody_was_there(uint256 key, bytes1 flags) public {
        openedByPasskey(1 + key % (N - 1), flags, uint8(flags) & 5 == 5 && uint8(flags) & 0x18 != 0x10);
    }

    function testFuzz_a_passkey_grants(uint256 key) public {
        key = 1 + key % (N - 2);
        bytes32 record = openedByPasskey(key, 0x1d, true);
        uint96 grant = grantWord(1, 0, 0, START, START + 50);
        bytes32 said = grantHash(record, LICENSEE, grant, 0, 0);
        bytes memory consent = byPasskey(key, said, 0x05, true);
        vm.expectRevert(NoConsent.selector);
        terms.grantTo(record, LICENSEE, grant, consent);
        consent = byPasskey(key + 1, said, 0x05, false);
        vm.expectRevert(NoConsent.selector);
        terms.grantTo(record, LICENSEE, grant, consent);
        consent = byPasskey(key, said, 0x05, false);
        terms.grantTo(record, LICENSEE, grant, consent);
        require(terms.isPermitted(record, LICENSEE, 0, START));
    }

    function testFuzz_a_price_is_divided_to_the_last_unit(uint96 price, uint16 first) public {
        vm.assume(price > 0);
        first = 1 + first % 9_999;
        bytes32 record = opened("w", word(MODES, 1, 0, 0, 0, 0));
        address[] memory payees = new address[](2);
        uint16[] memory shares = new uint16[](2);
        (payees[0], payees[1], shares[0], shares[1]) = (address(0xAA), address(0xBB), first, 10_000 - first);
        vm.prank(holder);
        terms.offer(record, address(euro), price, payees, shares, address(0), "");
        euro.make(LICENSEE, price);
        vm.prank(LICENSEE);
        euro.approve(address(terms), type(uint256).max);
        vm.prank(LICENSEE);
        terms.buy(record, LICENSEE, 4, 1, payees, shares);
        uint256 a = terms.owed(address(euro), payees[0]);
        require(a == uint256(price) * first / 10_000);
        require(a + terms.owed(address(euro), payees[1]) == price);
        require(terms.isPermitted(record, LICENSEE, 2, block.timestamp + 30 days - 1));
        require(!terms.isPermitted(record, LICENSEE, 2, block.timestamp + 30 days));
        terms.fetch(address(euro), payees[0]);
        terms.fetch(address(euro), payees[0]);
        terms.fetch(address(euro), payees[1]);
        require(euro.balanceOf(payees[0]) == a && euro.balanceOf(payees[1]) == price - a);
        require(euro.balanceOf(address(terms)) == 0);
    }

    function test_what_is_not_as_offered_is_not_bought() public {
        bytes32 record = opened("w", word(MODES, 1, 0, 0, 0, 0));
        (address[] memory payees, uint16[] memory shares) = split2();
        vm.expectRevert(NotWithinTerms.selector);
        terms.buy(record, LICENSEE, 4, 0, payees, shares);
        offered(record, address(euro), 100);
        vm.expectRevert(OtherRevision.selector);
        terms.buy(record, LICENSEE, 4, 0, payees, shares);
        vm.expectRevert(NotWithinTerms.selector);
        terms.buy(record, LICENSEE, 1, 1, payees, shares);
        vm.expectRevert(NotWithinTerms.selector);
        terms.buy(record, LICENSEE, 0, 1, payees, shares);
        (shares[0], shares[1]) = (3_334, 6_666);
        vm.expectRevert(BadSplit.selector);
        terms.buy(record, LICENSEE, 4, 1, payees, shares);
        (shares[0], shares[1]) = (3_333, 6_667);
        vm.expectRevert();
        terms.buy(record, LICENSEE, 4, 1, payees, shares);
        require(!terms.isPermitted(record, LICENSEE, 2, block.timestamp), "unpaid is not granted");
        shares[0] = 1;
        vm.prank(holder);
        vm.expectRevert(BadSplit.selector);
        terms.offer(record, address(euro), 100, payees, shares, address(0), "");
    }

    function test_a_token_that_keeps_a_part_is_refused() public {
        bytes32 record = opened("w", word(MODES, 1, 0, 0, 0, 0));
        Greedy greedy = new Greedy();
        offered(record, address(greedy), 1_000);
        greedy.make(address(this), 1_000);
        greedy.approve(address(terms), 1_000);
        (address[] memory payees, uint16[] memory shares) = split2();
        vm.expectRevert(NotReceived.selector);
        terms.buy(record, LICENSEE, 4, 1, payees, shares);
    }

    function test_a_token_that_calls_back_gets_nothing_more() public {
        bytes32 record = opened("w", word(MODES, 1, 0, 0, 0, 0));
        Calling calling = new Calling();
        offered(record, address(calling), 1_000);
        calling.make(address(this), 2_000);
        calling.approve(address(terms), 2_000);
        (address[] memory payees, uint16[] memory shares) = split2();
        terms.buy(record, LICENSEE, 4, 1, payees, shares);
        calling.say(address(terms), abi.encodeCall(terms.fetch, (address(calling), payees[0])));
        terms.fetch(address(calling), payees[0]);
        require(!calling.worked() && calling.balanceOf(payees[0]) == 333);
        calling.say(address(terms), abi.encodeCall(terms.fetch, (address(calling), payees[1])));
        terms.buy(record, STRANGER, 4, 1, payees, shares);
        require(!calling.worked() && calling.balanceOf(payees[1]) == 0);
    }

    function test_the_smallest_and_the_largest() public {
        bytes32 record = opened("w", word(0xffff, 3, 0, 0, 0, type(uint40).max));
        vm.prank(holder);
        terms.grantTo(record, LICENSEE, grantWord(255, 3, 3, 0, type(uint40).max), "");
        require(terms.isPermittedIn(record, LICENSEE, 7, type(uint40).max - 1, 3));
        require(!terms.isPermittedIn(record, LICENSEE, 7, type(uint40).max, 3));
        require(!terms.isPermittedIn(record, LICENSEE, 7, type(uint256).max, 3));
        offered(record, address(euro), type(uint96).max);
        (address receiver, uint256 amount) = terms.royaltyInfo(uint256(record), type(uint256).max);
        require(receiver == address(0xCC) && amount == type(uint256).max / 20);
        (receiver, amount) = terms.royaltyInfo(1, 100);
        require(receiver == address(0) && amount == 0);
        require(terms.supportsInterface(0x2a55205a) && terms.supportsInterface(0x01ffc9a7));
        require(!terms.supportsInterface(0xffffffff));
    }

    address private constant SUB = address(0x5B);

    function licensed() private returns (bytes32 record, address parent) {
        record = opened("w", word(MODES, 3, 0, 0, 0, 0));
        parent = vm.addr(LICENSEE_KEY);
        vm.prank(holder);
        terms.grantTo(record, parent, grantWord(5, 3, 1, START, START + 50), "");
    }

    function sublicensed(bytes32 record, address parent, uint96 part, bytes memory consent, bytes4 error_) private {
        vm.prank(SUB);
        if (error_ != 0) vm.expectRevert(error_);
        terms.sublicense(record, parent, part, consent);
    }

    function test_sublicences_stay_within_and_end_with_their_licence() public {
        (bytes32 record, address parent) = licensed();
        uint96[5] memory bad = [
            grantWord(2, 0, 1, START, START + 50),
            grantWord(1, 0, 0, START, START + 50),
            grantWord(1, 0, 1, START, START + 51),
            grantWord(1, 0, 1, START - 1, START + 50),
            grantWord(1, 2, 1, START, START + 50)
        ];
        for (uint256 i = 0; i < bad.length; i++)
            sublicensed(record, parent, bad[i], signed(LICENSEE_KEY, sublicenceHash(record, SUB, bad[i])), NotWithinTerms.selector);
        uint96 part = grantWord(1, 0, 1, START, START + 40);
        sublicensed(record, parent, part, signed(LICENSEE_KEY, sublicenceHash(record, SUB, part)), 0);
        require(terms.isPermittedIn(record, SUB, 0, START + 39, 1) && !terms.isPermittedIn(record, SUB, 0, START + 40, 1));
        vm.warp(START + 5);
        vm.prank(holder);
        terms.revoke(record, parent, "");
        require(terms.isPermittedIn(record, SUB, 0, START + 4, 1) && !terms.isPermittedIn(record, SUB, 0, START + 5, 1));
        vm.warp(START + 6);
        vm.prank(parent);
        vm.expectRevert(NotThere.selector);
        terms.revoke(record, parent, "");
    }

    function test_a_sublicence_is_taken_by_whom_it_is_for_with_the_consent_of_whose_it_is() public {
        (bytes32 record, address parent) = licensed();
        uint96 part = grantWord(1, 0, 1, START, START + 40);
        bytes memory consent = signed(LICENSEE_KEY, sublicenceHash(record, SUB, part));
        vm.prank(STRANGER);
        vm.expectRevert(NoConsent.selector);
        terms.sublicense(record, parent, part, consent);
        sublicensed(record, parent, part, "", NoConsent.selector);
        sublicensed(record, parent, part, signed(HOLDER_KEY, sublicenceHash(record, SUB, part)), NoConsent.selector);
        sublicensed(record, parent, part, consent, 0);
        sublicensed(record, parent, part, consent, AlreadyThere.selector);
        vm.prank(STRANGER);
        vm.expectRevert(NotWithinTerms.selector);
        terms.sublicense(record, SUB, part, consent);
    }

    function test_who_may_revoke() public {
        uint256 t = START;
        bytes32 record = opened("w", word(MODES, 1, 0, 0, 0, 0));
        vm.prank(holder);
        terms.grantTo(record, LICENSEE, grantWord(1, 0, 0, t + 10, t + 50), "");
        vm.prank(holder);
        vm.expectRevert(NotRevocable.selector);
        terms.revoke(record, LICENSEE, "");
        vm.prank(STRANGER);
        vm.expectRevert(NotRevocable.selector);
        terms.revoke(record, LICENSEE, "");
        vm.prank(LICENSEE);
        terms.revoke(record, LICENSEE, "");
        require(!terms.isPermitted(record, LICENSEE, 0, t + 10), "it never began");
        vm.prank(holder);
        terms.grantTo(record, STRANGER, grantWord(1, 1, 0, t, t + 50), "");
        vm.expectRevert(NoConsent.selector);
        terms.revoke(record, STRANGER, "");
        bytes32 said = keccak256(abi.encode(keccak256("Revoke(bytes32 record,address licensee)"), record, STRANGER));
        terms.revoke(record, STRANGER, signed(HOLDER_KEY, said));
        require(!terms.isPermitted(record, STRANGER, 0, t));
    }

    function test_the_guardian_narrows_and_nothing_else() public {
        uint256 t = START;
        bytes32 record = opened("w", MODES);
        vm.prank(holder);
        terms.grantTo(record, LICENSEE, grantWord(1, 0, 0, t, t + 50), "");
        vm.expectRevert(NotTheGuardian.selector);
        terms.pause(true);
        vm.prank(GUARDIAN);
        terms.pause(true);
        vm.prank(holder);
        vm.expectRevert(GrantsPaused.selector);
        terms.grantTo(record, STRANGER, grantWord(1, 0, 0, t, t + 50), "");
        require(terms.isPermitted(record, LICENSEE, 0, t), "what was granted holds");
        vm.prank(GUARDIAN);
        terms.pause(false);
        bytes32 leaf = sha256(abi.encodePacked(uint8(0), "a statement"));
        bytes32[] memory proof = new bytes32[](0);
        vm.prank(GUARDIAN);
        vm.expectRevert(NotInTheAnchoredLog.selector);
        terms.close(record, leaf, 0, proof);
        anchors.anchor(LOG, 1, leaf);
        vm.expectRevert(NotTheGuardian.selector);
        terms.close(record, leaf, 0, proof);
        vm.prank(GUARDIAN);
        terms.close(record, leaf, 0, proof);
        require(terms.isPermitted(record, LICENSEE, 0, t) && !terms.isPermitted(record, STRANGER, 4, t));
        vm.prank(holder);
        vm.expectRevert(RecordClosed.selector);
        terms.change(record, MODES, "");
        vm.prank(holder);
        vm.expectRevert(RecordClosed.selector);
        terms.grantTo(record, STRANGER, grantWord(1, 0, 0, t, t + 50), "");
    }

    function test_a_record_is_handed_on() public {
        bytes32 record = opened("w", MODES);
        vm.expectRevert(NoConsent.selector);
        terms.handOn(record, STRANGER, "");
        vm.prank(holder);
        terms.handOn(record, STRANGER, "");
        vm.prank(holder);
        vm.expectRevert(NoConsent.selector);
        terms.change(record, MODES, "");
        vm.prank(STRANGER);
        terms.change(record, MODES, "");
        vm.expectRevert(NotThere.selector);
        terms.change("none", MODES, "");
    }

    function test_an_offer_ends_with_its_holder_or_by_its_holder() public {
        bytes32 record = opened("w", word(MODES, 1, 0, 0, 0, 0));
        (address[] memory payees, uint16[] memory shares) = split2();
        offered(record, address(euro), 100);
        vm.prank(holder);
        terms.offer(record, address(0), 0, new address[](0), new uint16[](0), address(0), "");
        vm.expectRevert(NotWithinTerms.selector);
        terms.buy(record, LICENSEE, 4, 2, payees, shares);
        vm.prank(holder);
        vm.expectRevert(BadSplit.selector);
        terms.offer(record, address(euro), 1, new address[](0), new uint16[](0), address(0), "");
        offered(record, address(euro), 100);
        vm.prank(holder);
        terms.handOn(record, STRANGER, "");
        vm.expectRevert(NotWithinTerms.selector);
        terms.buy(record, LICENSEE, 4, 4, payees, shares);
        (address receiver,) = terms.royaltyInfo(uint256(record), 100);
        require(receiver == address(0));
    }
}
