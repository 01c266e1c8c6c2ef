// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// @dev Terms that cannot be: unknown bits, windows that end before they begin, shares above the whole.
error BadTerms();
/// @dev Neither the sender nor a signature is the holder's.
error NoConsent();
/// @dev Shares that are not ten thousand, that name nobody, or that are not the ones of the offer.
error BadSplit();
/// @dev The token did not bring the whole amount.
error NotReceived();
error AlreadyThere();
error NotThere();
error RecordClosed();
error GrantsPaused();
error NotTheGuardian();
error NotInTheAnchoredLog();
/// @dev A grant for more, or for longer, than the terms or the licence let.
error NotWithinTerms();
error NotRevocable();
/// @dev The terms or the offer changed in between.
error OtherRevision();
