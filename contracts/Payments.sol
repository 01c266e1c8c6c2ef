// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {BadSplit, NotReceived} from "./Errors.sol";
import {IColophonTerms} from "./IColophonTerms.sol";

/// @title Payments that are divided to the last unit and fetched by their payees
/// @notice A payment comes in whole or not at all. Nothing is sent to a payee who did not ask, so that nobody can hold up
/// another; what is asked for goes to the payee alone, whoever asks.
abstract contract Payments is ReentrancyGuard, IColophonTerms {
    using SafeERC20 for IERC20;

    uint256 internal constant WHOLE = 10_000;
    uint256 internal constant PAYEES_MAX = 50;

    /// @inheritdoc IColophonTerms
    mapping(address token => mapping(address payee => uint256)) public owed;

    event Paid(bytes32 indexed record, address indexed payer, address token, uint256 amount);
    event Fetched(address indexed payee, address token, uint256 amount);

    /// @inheritdoc IColophonTerms
    function fetch(address token, address payee) external nonReentrant returns (uint256 amount) {
        amount = owed[token][payee];
        owed[token][payee] = 0;
        emit Fetched(payee, token, amount);
        IERC20(token).safeTransfer(payee, amount);
    }

    /// @dev Each gets what the shares up to this one come to, less what the ones before came to: the last unit is somebody's.
    function collect(bytes32 record, address token, uint256 amount, address[] calldata payees, uint16[] calldata shares)
        internal
    {
        uint256 held = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        // A token that keeps a part on its way, or that sends more, is none that can be divided exactly.
        if (IERC20(token).balanceOf(address(this)) != held + amount) revert NotReceived();
        uint256 sum = 0;
        uint256 given = 0;
        for (uint256 i = 0; i < payees.length; i++) {
            sum += shares[i];
            uint256 upTo = (amount * sum) / WHOLE;
            owed[token][payees[i]] += upTo - given;
            given = upTo;
        }
        emit Paid(record, msg.sender, token, amount);
    }

    /// @dev The commitment to who shares. Reverts when the shares are not ten thousand, or somebody is nobody.
    function splitOf(address[] calldata payees, uint16[] calldata shares) internal pure returns (bytes32) {
        if (payees.length != shares.length || payees.length > PAYEES_MAX) revert BadSplit();
        uint256 sum = 0;
        for (uint256 i = 0; i < payees.length; i++) {
            if (payees[i] == address(0) || shares[i] == 0) revert BadSplit();
            sum += shares[i];
        }
        if (sum != WHOLE) revert BadSplit();
        return keccak256(abi.encode(payees, shares));
    }
}
