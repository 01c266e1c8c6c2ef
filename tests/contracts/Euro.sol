// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token of tests.
contract Euro is ERC20 {
    constructor() ERC20("Euro", "EUR") {}

    function make(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
