// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ColophonAnchor} from "./ColophonAnchor.sol";
import {Consent} from "./Consent.sol";
import {
    AlreadyThere,
    BadSplit,
    GrantsPaused,
    NoConsent,
    NotInTheAnchoredLog,
    NotRevocable,
    NotTheGuardian,
    NotThere,
    NotWithinTerms,
    OtherRevision,
    RecordClosed
} from "./Errors.sol";
import {IColophonTerms} from "./IColophonTerms.sol";
import {Payments} from "./Payments.sol";
import {Terms} from "./Terms.sol";

/// @title Terms of works and grants under them
/// @notice A work is known by a salted hash: neither names nor texts are here, and nobody can guess the work. What is here
/// adds enforcement; the register, and the log that is anchored, stay the source. Nobody but the rightsholder widens
/// anything. The guardian can stop new grants, and close a record by a statement of the anchored log: both only narrow. There
/// is no upgrade: another version is another contract, and this one stays readable.
contract ColophonTerms is Consent, Payments {
    struct Record {
        /// @dev See `Terms`.
        uint256 terms;
        address holder;
        /// @dev Of one bought grant, in the smallest unit of the token.
        uint96 price;
        address token;
        bytes32 split;
        address resaleReceiver;
    }

    bytes32 private constant OPEN = keccak256("Open(bytes32 work,uint256 terms)");
    bytes32 private constant CHANGE = keccak256("Change(bytes32 record,uint256 terms,uint24 revision)");
    bytes32 private constant OFFER =
        keccak256("Offer(bytes32 record,address token,uint96 price,bytes32 split,address resaleReceiver,uint24 revision)");
    bytes32 private constant HAND_ON = keccak256("HandOn(bytes32 record,address holder,uint24 revision)");
    bytes32 private constant GRANT = keccak256(
        "Grant(bytes32 record,address licensee,uint8 uses,bool mayBeRevoked,bool maySublicense,uint8 territory,uint40 from,uint40 until,uint96 price,uint24 revision)"
    );
    bytes32 private constant SUBLICENSE = keccak256(
        "Sublicense(bytes32 record,address licensee,uint8 uses,bool mayBeRevoked,uint8 territory,uint40 from,uint40 until)"
    );
    bytes32 private constant REVOKE = keccak256("Revoke(bytes32 record,address licensee)");

    /// @notice The log whose statements can close a record, where it is anchored, and who brings them.
    ColophonAnchor public immutable anchors;
    bytes32 public immutable log;
    address public immutable guardian;

    bool public isPaused;
    /// @inheritdoc IColophonTerms
    mapping(bytes32 record => Record) public records;
    /// @inheritdoc IColophonTerms
    mapping(bytes32 record => mapping(address licensee => uint256)) public grants;

    constructor(ColophonAnchor anchors_, bytes32 log_, address guardian_) Consent("ColophonTerms", "1") {
        anchors = anchors_;
        log = log_;
        guardian = guardian_;
    }

    /// @inheritdoc IColophonTerms
    function recordOf(bytes32 work, address holder) public pure returns (bytes32) {
        return keccak256(abi.encode(work, holder));
    }

    /// @inheritdoc IColophonTerms
    function open(bytes32 work, address holder, uint256 terms, bytes calldata consent) external returns (bytes32 record) {
        Terms.check(terms);
        record = recordOf(work, holder);
        Record storage entry = records[record];
        if (entry.terms != 0) revert AlreadyThere();
        if (msg.sender != holder || consent.length != 0)
            requireConsent(holder, keccak256(abi.encode(OPEN, work, terms)), consent);
        entry.holder = holder;
        setTerms(entry, record, holder, Terms.stamped(terms, 0, block.timestamp));
    }

    /// @inheritdoc IColophonTerms
    function change(bytes32 record, uint256 terms, bytes calldata consent) external {
        Terms.check(terms);
        (Record storage entry, uint256 before) = openRecord(record);
        (address holder, uint256 revision) = (entry.holder, Terms.revision(before));
        requireConsent(holder, keccak256(abi.encode(CHANGE, record, terms, revision)), consent);
        setTerms(entry, record, holder, Terms.stamped(terms, revision + 1, block.timestamp));
    }

    /// @inheritdoc IColophonTerms
    function offer(
        bytes32 record,
        address token,
        uint96 price,
        address[] calldata payees,
        uint16[] calldata shares,
        address resaleReceiver,
        bytes calldata consent
    ) external {
        (Record storage entry, uint256 terms) = openRecord(record);
        // Without payees nothing is sold any more.
        bytes32 split = payees.length == 0 && price == 0 ? bytes32(0) : splitOf(payees, shares);
        bytes32 said =
            keccak256(abi.encode(OFFER, record, token, price, split, resaleReceiver, Terms.revision(terms)));
        requireConsent(entry.holder, said, consent);
        entry.price = price;
        entry.token = token;
        entry.split = split;
        entry.resaleReceiver = resaleReceiver;
        setTerms(entry, record, entry.holder, next(terms));
        emit Offered(record, token, price, split, resaleReceiver);
    }

    /// @inheritdoc IColophonTerms
    function handOn(bytes32 record, address to, bytes calldata consent) external {
        (Record storage entry, uint256 terms) = openRecord(record);
        if (to == address(0)) revert NoConsent();
        requireConsent(entry.holder, keccak256(abi.encode(HAND_ON, record, to, Terms.revision(terms))), consent);
        entry.holder = to;
        // What the one before offered, and to whom it was to be paid, is not an offer of this one.
        entry.price = 0;
        entry.split = 0;
        entry.resaleReceiver = address(0);
        setTerms(entry, record, to, next(terms));
    }

    /// @inheritdoc IColophonTerms
    function grantTo(bytes32 record, address licensee, uint96 grant, bytes calldata consent) external {
        requireGrantConsent(record, licensee, grant, 0, consent);
    }

    /// @inheritdoc IColophonTerms
    function grantForPrice(
        bytes32 record,
        address licensee,
        uint96 grant,
        uint96 price,
        address[] calldata payees,
        uint16[] calldata shares,
        bytes calldata consent
    ) external nonReentrant {
        Record storage entry = requireGrantConsent(record, licensee, grant, price, consent);
        if (splitOf(payees, shares) != entry.split) revert BadSplit();
        collect(record, entry.token, price, payees, shares);
    }

    /// @inheritdoc IColophonTerms
    function buy(
        bytes32 record,
        address licensee,
        uint8 uses,
        uint24 revision,
        address[] calldata payees,
        uint16[] calldata shares
    ) external nonReentrant {
        (Record storage entry, uint256 terms) = openRecord(record);
        if (Terms.revision(terms) != revision) revert OtherRevision();
        if (entry.price == 0 || !Terms.allHave(terms, uses, Terms.AT_A_PRICE)) revert NotWithinTerms();
        giveGrant(terms, record, licensee, boughtGrant(terms, uses));
        if (splitOf(payees, shares) != entry.split) revert BadSplit();
        collect(record, entry.token, entry.price, payees, shares);
    }

    /// @inheritdoc IColophonTerms
    function sublicense(bytes32 record, address parent, uint96 grant, bytes calldata consent) external {
        if (isPaused) revert GrantsPaused();
        uint256 own = grants[record][parent];
        bool isWithin = Terms.grantMaySublicense(own) && Terms.grantParent(own) == address(0)
            && !Terms.grantMaySublicense(grant) && Terms.grantUses(grant) & ~Terms.grantUses(own) == 0
            && Terms.grantTerritory(grant) >= Terms.grantTerritory(own) && Terms.grantFrom(grant) >= Terms.grantFrom(own)
            && Terms.grantUntil(grant) <= Terms.grantUntil(own);
        if (!isWithin || Terms.isClosed(records[record].terms)) revert NotWithinTerms();
        bytes32 said = keccak256(
            abi.encode(
                SUBLICENSE,
                record,
                msg.sender,
                Terms.grantUses(grant),
                Terms.grantMayBeRevoked(grant),
                Terms.grantTerritory(grant),
                Terms.grantFrom(grant),
                Terms.grantUntil(grant)
            )
        );
        requireConsent(parent, said, consent);
        writeGrant(record, msg.sender, uint256(grant) | (uint256(uint160(parent)) << Terms.GRANT_BITS));
    }

    /// @inheritdoc IColophonTerms
    function revoke(bytes32 record, address licensee, bytes calldata consent) external {
        uint256 grant = grants[record][licensee];
        if (grant == 0) revert NotThere();
        if (msg.sender != licensee && msg.sender != Terms.grantParent(grant)) {
            if (!Terms.grantMayBeRevoked(grant)) revert NotRevocable();
            requireConsent(records[record].holder, keccak256(abi.encode(REVOKE, record, licensee)), consent);
        }
        // What ended stays ended at its time.
        if (block.timestamp >= Terms.grantUntil(grant)) revert NotThere();
        grant = Terms.endedAt(grant, block.timestamp);
        grants[record][licensee] = grant;
        emit Ended(record, licensee, grant);
    }

    /// @inheritdoc IColophonTerms
    function close(bytes32 record, bytes32 leaf, uint256 index, bytes32[] calldata proof) external {
        if (msg.sender != guardian) revert NotTheGuardian();
        (Record storage entry,) = openRecord(record);
        if (!anchors.isInLog(log, leaf, index, proof)) revert NotInTheAnchoredLog();
        entry.terms |= Terms.CLOSED;
        emit Closed(record, leaf);
    }

    /// @inheritdoc IColophonTerms
    function pause(bool isPaused_) external {
        if (msg.sender != guardian) revert NotTheGuardian();
        isPaused = isPaused_;
        emit Paused(isPaused_);
    }

    /// @inheritdoc IColophonTerms
    function isPermitted(bytes32 record, address licensee, uint256 use, uint256 time) external view returns (bool) {
        return isPermittedIn(record, licensee, use, time, 0);
    }

    /// @inheritdoc IColophonTerms
    function isPermittedIn(bytes32 record, address licensee, uint256 use, uint256 time, uint256 territory)
        public
        view
        returns (bool)
    {
        if (use > 7 || territory > Terms.TERRITORY_MAX) return false;
        if (Terms.isForEverybody(records[record].terms, use, time, territory)) return true;
        uint256 grant = grants[record][licensee];
        if (!Terms.grantIn(grant, use, time, territory)) return false;
        address parent = Terms.grantParent(grant);
        return parent == address(0) || Terms.grantIn(grants[record][parent], use, time, territory);
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256 record, uint256 salePrice) external view returns (address receiver, uint256 amount) {
        Record storage entry = records[bytes32(record)];
        receiver = entry.resaleReceiver;
        if (receiver != address(0)) amount = Math.mulDiv(salePrice, Terms.share(entry.terms), WHOLE);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC2981).interfaceId || id == type(IERC165).interfaceId;
    }

    function openRecord(bytes32 record) private view returns (Record storage entry, uint256 terms) {
        entry = records[record];
        terms = entry.terms;
        if (terms == 0) revert NotThere();
        if (Terms.isClosed(terms)) revert RecordClosed();
    }

    /// @dev The same terms, so that nothing that was signed before counts any more.
    function next(uint256 terms) private pure returns (uint256) {
        return Terms.stamped(terms, Terms.revision(terms) + 1, Terms.changedAt(terms));
    }

    function setTerms(Record storage entry, bytes32 record, address holder, uint256 terms) private {
        entry.terms = terms;
        emit TermsSet(record, holder, terms);
    }

    function requireGrantConsent(
        bytes32 record,
        address licensee,
        uint256 grant,
        uint96 price,
        bytes calldata consent
    ) private returns (Record storage entry) {
        uint256 terms;
        (entry, terms) = openRecord(record);
        bytes32 said = keccak256(
            abi.encode(
                GRANT,
                record,
                licensee,
                Terms.grantUses(grant),
                Terms.grantMayBeRevoked(grant),
                Terms.grantMaySublicense(grant),
                Terms.grantTerritory(grant),
                Terms.grantFrom(grant),
                Terms.grantUntil(grant),
                price,
                Terms.revision(terms)
            )
        );
        requireConsent(entry.holder, said, consent);
        giveGrant(terms, record, licensee, grant);
    }

    /// @dev A grant stays within its terms: what they say no to, where they end, and when they may be promoted with.
    function giveGrant(uint256 terms, bytes32 record, address licensee, uint256 grant) private {
        if (isPaused) revert GrantsPaused();
        uint256 uses = Terms.grantUses(grant);
        uint256 from = Terms.grantFrom(grant);
        uint256 until = Terms.grantUntil(grant);
        bool isPromotion = (uses >> Terms.PROMOTION) & 1 == 1;
        bool isWithin = Terms.allHave(terms, uses, Terms.FOR_EVERYBODY) && until <= Terms.expiry(terms)
            && Terms.grantTerritory(grant) >= Terms.territory(terms)
            && (!Terms.grantMaySublicense(grant) || Terms.licenseesMaySublicense(terms))
            && (!isPromotion || (from >= Terms.promotionFrom(terms) && until <= Terms.promotionUntil(terms)));
        if (!isWithin) revert NotWithinTerms();
        writeGrant(record, licensee, grant);
    }

    function writeGrant(bytes32 record, address licensee, uint256 grant) private {
        if (
            licensee == address(0) || Terms.grantUses(grant) == 0 || Terms.grantTerritory(grant) > Terms.TERRITORY_MAX
                || Terms.grantFrom(grant) >= Terms.grantUntil(grant) || block.timestamp >= Terms.grantUntil(grant)
        ) revert NotWithinTerms();
        if (grants[record][licensee] != 0) revert AlreadyThere();
        grants[record][licensee] = grant;
        emit Granted(record, licensee, grant);
    }

    /// @dev From now, or from when promotion begins, for the days of the terms, as long as these hold.
    function boughtGrant(uint256 terms, uint256 uses) private view returns (uint256) {
        uint256 from = block.timestamp;
        uint256 last = Terms.expiry(terms);
        if ((uses >> Terms.PROMOTION) & 1 == 1) {
            from = Math.max(from, Terms.promotionFrom(terms));
            last = Math.min(last, Terms.promotionUntil(terms));
        }
        uint256 until = Math.min(from + Terms.boughtDays(terms) * 1 days, last);
        return uses | (((terms >> 16) & 1) << 8) | (Terms.territory(terms) << 10) | (from << 16) | (until << 56);
    }
}
