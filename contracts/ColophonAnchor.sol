// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// @title Anchors of append-only logs
/// @notice Holds the latest checkpoint of each log: its size and its root (RFC 6962, SHA-256). A log only grows. No name, no
/// work and no text is here; a root says nothing of what stands below it. Nobody can change this contract, and it holds no
/// money. Whoever anchored a log first is its anchorer, and may hand that on.
contract ColophonAnchor {
    struct Checkpoint {
        bytes32 root;
        address anchorer;
        uint48 size;
        uint48 time;
    }

    /// @notice By the hash of the log's verifier key.
    mapping(bytes32 log => Checkpoint) public checkpoints;

    event Anchored(bytes32 indexed log, uint48 size, bytes32 root);
    event HandedOn(bytes32 indexed log, address anchorer);

    error NotTheAnchorer();
    error NotForward(uint48 size);
    error NotInTheLog();
    error TooLong();

    /// @notice Anchors a larger checkpoint of a log.
    function anchor(bytes32 log, uint48 size, bytes32 root) external {
        Checkpoint storage checkpoint = checkpoints[log];
        address anchorer = checkpoint.anchorer;
        if (anchorer != msg.sender && anchorer != address(0)) revert NotTheAnchorer();
        if (size <= checkpoint.size) revert NotForward(checkpoint.size);
        checkpoint.root = root;
        checkpoint.anchorer = msg.sender;
        checkpoint.size = size;
        checkpoint.time = uint48(block.timestamp);
        emit Anchored(log, size, root);
    }

    /// @notice Lets somebody else anchor a log from now on.
    function handOn(bytes32 log, address anchorer) external {
        if (checkpoints[log].anchorer != msg.sender || anchorer == address(0)) revert NotTheAnchorer();
        checkpoints[log].anchorer = anchorer;
        emit HandedOn(log, anchorer);
    }

    /// @notice Whether an entry stands at a place of an anchored log. `leaf` is SHA-256(0x00 ‖ entry). RFC 9162 section 2.1.3.2.
    function isInLog(bytes32 log, bytes32 leaf, uint256 index, bytes32[] calldata proof) external view returns (bool) {
        Checkpoint storage checkpoint = checkpoints[log];
        if (index >= checkpoint.size) return false;
        return rootOf(leaf, index, checkpoint.size, proof) == checkpoint.root;
    }

    /// @notice Whether the anchored checkpoint continues an earlier one. RFC 9162 section 2.1.4.2.
    function continues(bytes32 log, uint256 earlierSize, bytes32 earlierRoot, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        Checkpoint storage checkpoint = checkpoints[log];
        uint256 size = checkpoint.size;
        if (earlierSize == 0 || earlierSize > size) return false;
        if (earlierSize == size) return proof.length == 0 && earlierRoot == checkpoint.root;
        return consistent(earlierSize, size, earlierRoot, checkpoint.root, proof);
    }

    /// @dev The root that a leaf and its path come to. Reverts when the path has another length than the place needs.
    function rootOf(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata proof) internal view returns (bytes32 hash) {
        hash = leaf;
        uint256 node = index;
        uint256 last = size - 1;
        for (uint256 i = 0; i < proof.length; i++) {
            if (last == 0) revert TooLong();
            bytes32 sibling;
            // Within the bounds that the loop has: not checked once more.
            assembly ("memory-safe") {
                sibling := calldataload(add(proof.offset, shl(5, i)))
            }
            if (node & 1 == 1 || node == last) {
                hash = nodeHash(sibling, hash);
                while (node & 1 == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        if (last != 0) revert NotInTheLog();
    }

    function consistent(uint256 earlier, uint256 size, bytes32 earlierRoot, bytes32 root, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        uint256 node = earlier - 1;
        uint256 last = size - 1;
        while (node & 1 == 1) {
            node >>= 1;
            last >>= 1;
        }
        uint256 next = 0;
        bytes32 before = earlierRoot;
        // A whole subtree is not repeated in the proof.
        if (node != 0) {
            if (proof.length == 0) return false;
            before = proof[next++];
        }
        bytes32 afterwards = before;
        for (; next < proof.length; next++) {
            if (last == 0) return false;
            bytes32 sibling = proof[next];
            if (node & 1 == 1 || node == last) {
                before = nodeHash(sibling, before);
                afterwards = nodeHash(sibling, afterwards);
                while (node & 1 == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                afterwards = nodeHash(afterwards, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && before == earlierRoot && afterwards == root;
    }

    /// @dev SHA-256(0x01 ‖ left ‖ right) by the precompile, in scratch memory.
    function nodeHash(bytes32 left, bytes32 right) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 33), right)
            if iszero(staticcall(gas(), 2, free, 65, 0, 32)) { revert(0, 0) }
            hash := mload(0)
        }
    }
}
