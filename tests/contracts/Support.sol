// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ColophonAnchor} from "../../contracts/ColophonAnchor.sol";
import {IColophonTerms} from "../../contracts/IColophonTerms.sol";
import {Euro} from "./Euro.sol";

interface Vm {
    function prank(address sender) external;
    function warp(uint256 time) external;
    function chainId(uint256 id) external;
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function signP256(uint256 key, bytes32 digest) external pure returns (bytes32 r, bytes32 s);
    function publicKeyP256(uint256 key) external pure returns (uint256 x, uint256 y);
    function expectRevert(bytes4 selector) external;
    function expectRevert() external;
    function assume(bool condition) external pure;
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev Keeps one in a hundred on its way.
contract Greedy is ERC20 {
    constructor() ERC20("Greedy", "GRD") {}

    function make(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from != address(0) && amount >= 100) {
            super._update(from, address(1), amount / 100);
            amount -= amount / 100;
        }
        super._update(from, to, amount);
    }
}

/// @dev Calls back while it is sent.
contract Calling is ERC20 {
    address public whom;
    bytes public what;
    bool public worked;

    constructor() ERC20("Calling", "CLL") {}

    function make(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function say(address whom_, bytes calldata what_) external {
        whom = whom_;
        what = what_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (whom != address(0)) {
            address called = whom;
            whom = address(0);
            (worked,) = called.call(what);
        }
    }
}

abstract contract Support {
    uint256 internal constant HOLDER_KEY = 0xA11CE;
    uint256 internal constant LICENSEE_KEY = 0x11CE;
    uint256 internal constant N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;
    uint256 internal constant K1 = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    /// @dev Said, not read: the compiler may read the time anew wherever it is used.
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant HERE = 31_337;
    /// @dev Derivatives by grant, commercial at a price, promotion by grant, mining for everybody.
    uint256 internal constant MODES = 2 | (3 << 4) | (2 << 6) | (1 << 8);

    ColophonAnchor internal anchors;
    IColophonTerms internal terms;
    Euro internal euro;
    address internal holder;
    address internal constant GUARDIAN = address(0x6A);
    bytes32 internal constant LOG = keccak256("a log");

    constructor() {
        vm.warp(START);
        anchors = new ColophonAnchor();
        terms = deployed();
        euro = new Euro();
        holder = vm.addr(HOLDER_KEY);
    }

    /// @dev The code that is committed, and that is deployed: not another one that these tests are compiled with.
    function deployed() internal returns (IColophonTerms made) {
        bytes memory code = abi.encodePacked(
            vm.parseJsonBytes(vm.readFile("src/contracts/ColophonTerms.json"), ".bytecode"), abi.encode(anchors, LOG, GUARDIAN)
        );
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
    }

    function word(uint256 modes, uint256 flags, uint256 territory, uint256 promotionFrom, uint256 promotionUntil, uint256 expiry)
        internal
        pure
        returns (uint256)
    {
        return modes | (flags << 16) | (territory << 24) | (promotionFrom << 32) | (promotionUntil << 72) | (expiry << 112)
            | (30 << 152) | (500 << 168);
    }

    function grantWord(uint256 uses, uint256 flags, uint256 territory, uint256 from, uint256 until)
        internal
        pure
        returns (uint96)
    {
        return uint96(uses | (flags << 8) | (territory << 10) | (from << 16) | (until << 56));
    }

    function opened(bytes32 work, uint256 said) internal returns (bytes32) {
        vm.prank(holder);
        return terms.open(work, holder, said, "");
    }

    function revisionOf(bytes32 record) internal view returns (uint24) {
        (uint256 said,,,,,) = terms.records(record);
        return uint24(said >> 184);
    }

    function digestOf(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ColophonTerms"),
                keccak256("1"),
                block.chainid,
                address(terms)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function grantHash(bytes32 record, address licensee, uint96 grant, uint96 price, uint24 revision)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                keccak256(
                    "Grant(bytes32 record,address licensee,uint8 uses,bool mayBeRevoked,bool maySublicense,uint8 territory,uint40 from,uint40 until,uint96 price,uint24 revision)"
                ),
                record,
                licensee,
                uint8(grant),
                (grant >> 8) & 1 == 1,
                (grant >> 9) & 1 == 1,
                uint8((grant >> 10) & 0x3f),
                uint40(grant >> 16),
                uint40(grant >> 56),
                price,
                revision
            )
        );
    }

    function sublicenceHash(bytes32 record, address licensee, uint96 grant) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Sublicense(bytes32 record,address licensee,uint8 uses,bool mayBeRevoked,uint8 territory,uint40 from,uint40 until)"
                ),
                record,
                licensee,
                uint8(grant),
                (grant >> 8) & 1 == 1,
                uint8((grant >> 10) & 0x3f),
                uint40(grant >> 16),
                uint40(grant >> 56)
            )
        );
    }

    function signed(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(structHash));
        return abi.encodePacked(r, s, v);
    }

    function passkeyHolder(uint256 key) internal pure returns (address) {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return address(uint160(uint256(keccak256(abi.encodePacked(x, y)))));
    }

    /// @dev What a passkey answers: flags and everything else as a browser makes it.
    function byPasskey(uint256 key, bytes32 structHash, bytes1 flags, bool isHigh) internal view returns (bytes memory) {
        bytes memory authenticator = abi.encodePacked(sha256("colophon.example"), flags, bytes4(0));
        bytes memory tail = ',"origin":"https://colophon.example","crossOrigin":false}';
        bytes memory client = abi.encodePacked(
            '{"type":"webauthn.get","challenge":"', Base64.encodeURL(abi.encodePacked(digestOf(structHash))), '"', tail
        );
        (bytes32 r, bytes32 s) = vm.signP256(key, sha256(abi.encodePacked(authenticator, sha256(client))));
        if ((uint256(s) > N / 2) != isHigh) s = bytes32(N - uint256(s));
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return abi.encodePacked(x, y, r, s, uint8(authenticator.length), authenticator, tail);
    }

    function split2() internal pure returns (address[] memory payees, uint16[] memory shares) {
        payees = new address[](2);
        shares = new uint16[](2);
        (payees[0], payees[1]) = (address(0xAA), address(0xBB));
        (shares[0], shares[1]) = (3_333, 6_667);
    }
}
