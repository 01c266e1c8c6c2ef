// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {NoConsent} from "./Errors.sol";

/// @title Consent by who holds a key
/// @notice Three ways, and the first one that is tried decides: no bytes, the sender is the holder; 65 bytes, the holder's
/// EIP-712 signature; more, a passkey's. A passkey's holder is the last 20 bytes of keccak256(x ‖ y) of its P-256 key. The
/// site and its RP ID are not looked at here: whoever prepares a signature does.
abstract contract Consent {
    /// @dev The domain is computed here because the library's own needs a newer level of the EVM than public networks have.
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private immutable nameHash;
    bytes32 private immutable versionHash;
    bytes32 private immutable firstDomain;
    uint256 private immutable firstChain;

    constructor(string memory name, string memory version) {
        nameHash = keccak256(bytes(name));
        versionHash = keccak256(bytes(version));
        firstChain = block.chainid;
        firstDomain = domainOf(keccak256(bytes(name)), keccak256(bytes(version)));
    }

    /// @notice The EIP-712 domain: of this contract, on this chain as it is numbered now.
    function domainSeparator() public view returns (bytes32) {
        return block.chainid == firstChain ? firstDomain : domainOf(nameHash, versionHash);
    }

    function domainOf(bytes32 name, bytes32 version) private view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, name, version, block.chainid, address(this)));
    }

    function requireConsent(address holder, bytes32 structHash, bytes calldata consent) internal view {
        bool holds;
        if (consent.length == 0) {
            holds = msg.sender == holder;
        } else {
            bytes32 digest = keccak256(abi.encodePacked("\x19\x01", domainSeparator(), structHash));
            if (consent.length == 65) {
                // Signatures with a high s, which would be a second one of the same consent, are refused.
                (address signer, ECDSA.RecoverError failed,) = ECDSA.tryRecover(digest, consent);
                holds = failed == ECDSA.RecoverError.NoError && signer == holder;
            } else {
                holds = isByPasskey(holder, digest, consent);
            }
        }
        if (!holds) revert NoConsent();
    }

    /// @dev x, y, r, s of 32 bytes each; the length of the authenticator data in one byte; these; what follows the challenge
    /// in the client data. Their beginning is fixed by WebAuthn Level 2 section 5.8.1.1; it is checked as in 5.8.1.2.
    function isByPasskey(address holder, bytes32 digest, bytes calldata consent) private view returns (bool) {
        if (consent.length < 129) return false;
        uint256 length = uint8(consent[128]);
        if (length < 37 || consent.length < 129 + length) return false;
        (bytes32 x, bytes32 y, bytes32 r, bytes32 s) = abi.decode(consent, (bytes32, bytes32, bytes32, bytes32));
        if (holder != address(uint160(uint256(keccak256(consent[0:64]))))) return false;
        bytes calldata authenticator = consent[129:129 + length];
        // Present, and verified by a finger, a face or a number; backed up only where it can be.
        uint8 flags = uint8(authenticator[32]);
        if (flags & 0x05 != 0x05 || flags & 0x18 == 0x10) return false;
        bytes32 client = sha256(
            abi.encodePacked(
                '{"type":"webauthn.get","challenge":"',
                Base64.encodeURL(abi.encodePacked(digest)),
                '"',
                consent[129 + length:]
            )
        );
        bytes32 message = sha256(abi.encodePacked(authenticator, client));
        return P256.verify(message, r, s, x, y);
    }
}
