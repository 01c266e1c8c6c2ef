// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// @dev What else a licence on a chain is made as, for the benchmark alone: the least that each design stores. Written here.
/// Tokens are modelled by their storage and their events, because the library's own need a newer level of the EVM.
contract Licence721 {
    struct Licence {
        uint40 from;
        uint40 until;
        uint8 uses;
        bytes32 work;
    }

    uint256 private count;
    mapping(uint256 token => address) public ownerOf;
    mapping(address owner => uint256) public balanceOf;
    mapping(uint256 token => Licence) public licences;

    event Transfer(address indexed from, address indexed to, uint256 indexed token);

    function licence(address to, bytes32 work, uint8 uses, uint40 from, uint40 until) external {
        uint256 token = ++count;
        ownerOf[token] = to;
        balanceOf[to] += 1;
        licences[token] = Licence(from, until, uses, work);
        emit Transfer(address(0), to, token);
    }
}

contract Licence1155 {
    mapping(uint256 token => mapping(address owner => uint256)) public balanceOf;

    event TransferSingle(address indexed by, address indexed from, address indexed to, uint256 token, uint256 amount);

    /// @dev The token is the work and its terms together: it has no time of its own.
    function licence(address to, uint256 workAndTerms) external {
        balanceOf[workAndTerms][to] += 1;
        emit TransferSingle(msg.sender, address(0), to, workAndTerms, 1);
    }
}

/// @dev In the manner of Story Protocol: terms with all their fields, attached to a registered work, and a licence as a token.
contract StoryLike is Licence721 {
    struct PilTerms {
        bool transferable;
        address royaltyPolicy;
        uint256 defaultMintingFee;
        uint256 expiration;
        bool commercialUse;
        bool commercialAttribution;
        address commercializerChecker;
        bytes commercializerCheckerData;
        uint32 commercialRevShare;
        uint256 commercialRevCeiling;
        bool derivativesAllowed;
        bool derivativesAttribution;
        bool derivativesApproval;
        bool derivativesReciprocal;
        uint256 derivativeRevCeiling;
        address currency;
        string uri;
    }

    uint256 private termsCount;
    mapping(uint256 id => PilTerms) private terms;
    mapping(bytes32 hash => uint256 id) private idOf;
    mapping(bytes32 work => address) private registered;
    mapping(bytes32 work => uint256[]) private attached;

    function registerAndAttach(bytes32 work, PilTerms calldata given) external {
        bytes32 hash = keccak256(abi.encode(given));
        uint256 id = idOf[hash];
        if (id == 0) {
            id = ++termsCount;
            terms[id] = given;
            idOf[hash] = id;
        }
        registered[work] = msg.sender;
        attached[work].push(id);
    }
}
