// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";

/// @title What a gate, a marketplace or another contract asks of terms and grants
/// @notice `consent` is what `Consent` takes: nothing from the holder itself, an EIP-712 signature, or a passkey's. Words of
/// terms and of grants are as in `Terms`; errors are in `Errors`.
interface IColophonTerms is IERC2981 {
    event TermsSet(bytes32 indexed record, address holder, uint256 terms);
    event Offered(bytes32 indexed record, address token, uint96 price, bytes32 split, address resaleReceiver);
    event Granted(bytes32 indexed record, address indexed licensee, uint256 grant);
    event Ended(bytes32 indexed record, address indexed licensee, uint256 grant);
    event Closed(bytes32 indexed record, bytes32 leaf);
    event Paused(bool isPaused);

    /// @notice May this licensee do this, everywhere in the world, at this time?
    function isPermitted(bytes32 record, address licensee, uint256 use, uint256 time) external view returns (bool);

    /// @notice The same within a territory. What is not known is a no.
    function isPermittedIn(bytes32 record, address licensee, uint256 use, uint256 time, uint256 territory)
        external
        view
        returns (bool);

    /// @notice By record and licensee. A licensee has one grant of a record, ever: a key of its own for each.
    function grants(bytes32 record, address licensee) external view returns (uint256 grant);

    function records(bytes32 record)
        external
        view
        returns (uint256 terms, address holder, uint96 price, address token, bytes32 split, address resaleReceiver);

    /// @notice How a record is called: nobody can take the name of another's.
    function recordOf(bytes32 work, address holder) external pure returns (bytes32);

    /// @notice Records the terms of a work. `work` is a hash with a salt that is kept elsewhere.
    function open(bytes32 work, address holder, uint256 terms, bytes calldata consent) external returns (bytes32 record);

    /// @notice Changes terms. Grants that were given stay as they were given.
    function change(bytes32 record, uint256 terms, bytes calldata consent) external;

    /// @notice Says what a grant costs, in which ERC-20 token, who shares it, and who has the share of resales. Without payees
    /// and price it ends the offer; so does handing the record on.
    function offer(
        bytes32 record,
        address token,
        uint96 price,
        address[] calldata payees,
        uint16[] calldata shares,
        address resaleReceiver,
        bytes calldata consent
    ) external;

    /// @notice Hands a record on to another holder, which may be a passkey.
    function handOn(bytes32 record, address to, bytes calldata consent) external;

    /// @notice Grants uses to a licensee. `grant` is the lower part of a grant's word.
    function grantTo(bytes32 record, address licensee, uint96 grant, bytes calldata consent) external;

    /// @notice The same for a price that the holder has agreed to; the sender pays it.
    function grantForPrice(
        bytes32 record,
        address licensee,
        uint96 grant,
        uint96 price,
        address[] calldata payees,
        uint16[] calldata shares,
        bytes calldata consent
    ) external;

    /// @notice Buys a grant at the price of the offer, as long as nothing of it changed since `revision`.
    function buy(
        bytes32 record,
        address licensee,
        uint8 uses,
        uint24 revision,
        address[] calldata payees,
        uint16[] calldata shares
    ) external;

    /// @notice Takes a part of another's licence, for at most as long, for at most the same. The sender is the one who gets it,
    /// so that nobody can take up the one place that another address has; `parent` consents.
    function sublicense(bytes32 record, address parent, uint96 grant, bytes calldata consent) external;

    /// @notice Ends a grant now: the holder where that was agreed, whoever sublicensed, or the licensee itself.
    function revoke(bytes32 record, address licensee, bytes calldata consent) external;

    /// @notice Closes a record for good: no new grants, nothing for everybody. The guardian names a statement that stands in the
    /// anchored log, for everybody to read; what that says of the record is not judged here.
    function close(bytes32 record, bytes32 leaf, uint256 index, bytes32[] calldata proof) external;

    /// @notice Stops new grants, or lets them go on. What was granted holds.
    function pause(bool isPaused) external;

    /// @notice What a payee can fetch, in the smallest unit of the token.
    function owed(address token, address payee) external view returns (uint256 amount);

    /// @notice Sends a payee what is owed. Anybody may ask for anybody.
    function fetch(address token, address payee) external returns (uint256 amount);
}
