import { arithmetic, seconds } from './round-time.ts';

function inSeconds(seconds: number): string {
  if (seconds <= 90) return `Try again in ${seconds} seconds.`;
  return `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}

/** What people are told when something is refused: what is wrong, and what to do about it. */
/** Times are written in UTC: the building is not known here. */
function during(from: string, to: string | null): string {
  return to === null ? `since ${from} UTC` : `from ${from} to ${to} UTC`;
}

export const en = {
  invalidInput: 'Something in the request is not right',
  unauthorised: 'Nobody is logged in',
  codeIsNeeded: 'A code is needed as well',
  codeIsWrong: 'The code is not right',
  notAllowed: 'Not allowed',
  isNotFound: 'Not found',
  doesNotFit: 'This does not fit what is already there',
  isTooLarge: 'Too large',
  tooMany: 'Too many attempts',
  notAvailable: 'Not available at the moment',
  wentWrong: 'Something went wrong here',
  cannotBeDone: 'This cannot be done',

  logInFirst: 'Log in first, or send a token.',
  logInWrong: 'E-mail or password are wrong.',
  codeNeeded: 'Enter the code of your authenticator app, or a recovery code.',
  codeWrong: 'This code is wrong, or was used already.',
  tokenUnknown: 'This token is not known, has ended or was revoked.',
  tokenMissing: 'Send a token: the metadata `authorization` with `Bearer TOKEN`.',
  tokenChangesNothing: 'A token changes nothing of the account: log in for that.',
  tokenWritesNothing: 'Only a person writes here: log in for that.',
  mayNot: 'You may not do this.',
  pushersOnly: 'Only a gateway or device with a token of its own sends here.',
  otherSite: 'This request comes from another site.',
  csrfMissing: 'The x-csrf-token header is missing or does not belong to this session. Load the page again.',
  methodUnknown: (method: string) => `${method} is not answered here.`,

  codesOnAlready: 'Codes are on already. Switch them off first to set up another app.',
  setUpAppFirst: 'Set up an authenticator app first.',
  codesNotOn: 'Codes are not on.',
  linkOver: 'This link was used already, or its time is over. Ask for a new one.',
  administratorThere: 'There is an administrator already: log in.',
  administratorRoleGone: 'The role administrator was removed.',
  nobodyReceives: (building: string) =>
    `Nobody is entered to receive mails of ${building}: call the people who manage it, and ask them to enter somebody.`,

  noPartInChat: 'You have no part in the chat.',
  tenancyOver: 'This tenancy has ended: its conversation can be read, but nobody writes in it any more.',
  meterHangsNowhere: 'This meter hangs nowhere: install it first.',
  meterPushes: (serial: string) => `${serial} sends its values by itself and cannot be asked. Its last ones stand on its page.`,
  fileExpired: 'This file has expired and was removed. Ask for it again.',
  fileNotReady: (percent: number) => `This report is not ready yet (${percent} %). Try again in a moment.`,
  askerGone: 'Whoever asked for it may not log in any more.',

  tooManyAttempts: (seconds: number) => `Too many attempts. ${inSeconds(seconds)}`,
  tooManyMessages: (seconds: number) => `Too many messages. ${inSeconds(seconds)}`,
  tooManyCalls: (seconds: number) => `Too many calls. ${inSeconds(seconds)}`,
  tooManyStreams: (seconds: number, most: number) => `Too many streams at once (${most}): end one. ${inSeconds(seconds)}`,
  tooManyLogIns: 'Too many people are logging in. Try again in a moment.',
  tooManyDownloads: 'As many downloads as can be are running. Try again in a moment, or ask for it as a report.',

  bodyTooLarge: (bytes: number) => `The body is larger than ${bytes} bytes.`,
  bodyTooLargeHere: 'The body is larger than this address takes.',
  formWithoutLength: 'A form must announce its length.',
  notSentAsJson: 'Send the body as application/json.',
  fileNotSent: (types: string) => `Send the file itself, as ${types}.`,
  keyUnreadable: 'must be 1 to 200 visible characters without blanks',
  keyOfOtherRequest: (header: string) => `This ${header} was sent with another request. Send a new one with each new request.`,
  keyUnderWay: (header: string) => `The first request with this ${header} is still under way. Ask again in a moment.`,
  keyCutOff: (header: string) =>
    `The first request with this ${header} was cut off, and may have been done. Look whether it was; if not, send it with a new one.`,
  keyHadSecret: (header: string) =>
    `The first request with this ${header} was done, and its answer had a secret that is shown once. If it did not arrive, remove what was made and make another one.`,
  notJson: 'The body is not valid JSON.',
  notReadable: 'The request cannot be read.',
  addressWithoutSlash: 'The address must begin with a slash.',
  isNotThere: 'This does not exist.',
  stillUsed: 'Other things still belong to this, so it cannot be removed.',
  oneThere: (field: string) => `There is already one with this ${field}.`,

  databaseAway: 'The database cannot be reached. Try again in a moment.',
  redisAway: 'A part of Wattbook is restarting. Try again in a moment.',
  diskFull: 'There is no room left on the disk of the database: make some, and try again.',
  pollerAway: (poller: string) => `The poller "${poller}" did not answer in time. Is it running?`,
  metricUnknown: (name: string) =>
    `"${name}" is no value that you may see: write the topic prefix or the serial of a meter, a slash and a quantity, such as UW/Mercer/nexus_meter/Voltage_AN`,
  metricWithoutValue: (name: string) => `${name} has no value yet: wait for a reading that has it, or ask the meter with live=1.`,
  metricNotRead: (name: string, reason: string) => `The meter did not tell ${name} (${reason}).`,
  meterUnknown: (name: string) => `"${name}" is no meter that you may see: write its topic prefix or its serial`,
  nothingToCollect: 'There is no meter that you may read now.',
  tooManyReads: (iterations: number, meters: number, most: number) =>
    `${iterations} times ${meters} meters are more than ${most} reads: ask for fewer, or name one with meter=`,
  restarting: 'Wattbook is restarting. Try again in a moment.',
  exportEnded: 'The process that makes the file ended before it was whole. Try again, or ask for less at once.',
  fileDiskFull: 'There is no room left on the disk of WATTBOOK_DATA: make some, and ask for it again.',
  failed: 'Something went wrong here. It was written to the log.',
  fileFailed: 'Something went wrong here. It was written to the log; ask for it again.',

  fieldUnknown: 'is not known here',
  fieldMissing: 'is missing',
  fieldTaken: 'is already taken',
  fieldNotThere: 'does not exist',
  fieldTooShort: (least: number) => `must have at least ${least} characters`,
  fieldTooLong: (most: number) => `must have at most ${most} characters`,
  fieldTooSmall: (least: number) => `must be ${least} or more`,
  fieldTooBig: (most: number) => `must be ${most} or less`,
  fieldWrong: 'is not right',
  fieldNotNumber: 'must be a number',
  isEmail: 'must not be the e-mail address',
  fewCharacters: 'must have more than three different characters',
  controlCharacters: 'takes no control characters',
  passwordWrong: 'is wrong',
  consoleCodeWrong: 'is not the code that the console of the server shows',
  newCodeWrong: 'is wrong: take the newest one, and check the clock of the phone',
  codeUsed: 'is wrong, or was used already',
  notAfterFrom: 'must be after from',
  tooManyDays: (most: number) => `must be at most ${most} days after from; ask in several parts`,
  notADay: 'must be a day, such as 2026-01-31',
  notAMonth: 'must be a month, such as 2026-01',
  notAMoment: 'must be a time with an offset, such as 2026-01-31T12:00:00+01:00, or a day, such as 2026-01-31',
  monthMissing: 'is missing: a month, such as 2026-01',
  monthNotWanted: 'belongs to the settlement: give from and to',
  monthToCome: 'has not begun yet: take one that is over',
  sheetFormat: 'of the monthly sheet must be csv or xlsx',
  notAMailAddress: 'must be an e-mail address',
  notMailAddresses: 'takes mail addresses separated by commas',
  notAHost: 'must be a host name or an IP address, without a port',
  notADevice: 'must be a device, such as /dev/serial/by-id/usb-FTDI_FT232R-if00-port0',
  notAPoller: 'takes small letters, digits and hyphens',
  notAMessageId: 'must be 8 to 64 small letters, digits and hyphens, such as a UUID',
  notIds: 'must be ids separated by commas, such as 3,17',
  notAPage: 'must be the path of a page here, such as /dashboard?range=week',
  fieldEmpty: 'must not be empty',
  notAZone: 'is not in the IANA list; one is Europe/Berlin',
  daysOfBuilding: (zone: string) =>
    `days and months are those of the building, ${zone}: leave zone out, or take the bucket quarter or hour`,
  decimalIsSeparator: 'is the separator already: take ; as separator, or . here',
  noSuchQuantity: (names: string) => `there is no quantity ${names}; one is activePowerTotal`,
  noSuchThing: (what: string, ids: string) => `there is no ${what} ${ids} here`,
  notSeries: 'must be meters and quantities, such as 3:activePowerTotal,17:voltageL1',
  tooManySeries: (most: number) => `takes at most ${most}; ask in several parts`,
  messageIdUsed: 'was used for another message of yours: make a new one for each',
  beforeAndAfter: 'and afterSeq cannot both be given',

  flatTwice: (name: string) => `${name} stands in the list twice`,
  flatThere: (name: string) => `${name} is in this building already`,
  scanBackwards: (from: number) => `must be ${from} or more: the scan begins there`,
  scannedAlready: (line: string, from: number, to: number) =>
    `${line} is being scanned already, from ${from} to ${to}. Wait for it, or cancel it.`,
  noSuchModel: (key: string) => `there is no meter model ${key}`,
  modelPushes: (key: string) => `${key} pushes its values and is not asked: adopt it where its messages are listed`,
  noSuchLine: (building: string) => `there is no such line in ${building}`,
  modelKnown: (serial: string, key: string) => `the meter ${serial} is known as ${key}`,
  serialInUse: (serial: string) => `The serial ${serial} is in use.`,
  serialTaken: 'is in use; close that meter first, or check the number',
  endBeforeStart: (start: string) => `must be after the start, ${start}`,
  formulaThere: 'This point has a formula in place of a meter.',
  pointHasFormula: 'has a formula: choose another point, or remove the formula',
  pointHasMeter: (from: string, to: string | null) =>
    `another meter hangs at this point ${during(from, to)}; close it first or choose other dates`,
  meterHangs: (from: string, to: string | null) => `this meter is installed ${during(from, to)}; close it first or choose other dates`,
  unitIdTaken: (unitId: number, from: string, to: string | null) =>
    `unit id ${unitId} is taken on this line ${during(from, to)}; choose a free one`,
  roundTooLong: (meters: number, requests: number, tookMs: number, periodMs: number, leftMs: number) =>
    `${arithmetic({ meters, requests, ms: tookMs })}, but the cadence of ${seconds(periodMs)} leaves ${seconds(leftMs)} for a round: read less often, or put some meters on another line`,
  lineTooBusy: (percent: number) =>
    `all its rounds together would take ${percent} % of the time there is: read less often, or put some meters on another line`,
  hostNeeded: 'is needed: the host name or IP address of the gateway or meter',
  portNeeded: 'is needed: Modbus TCP mostly listens on 502',
  serialPathNeeded: 'is needed: the serial port, such as /dev/serial/by-id/usb-FTDI_FT232R-if00-port0',
  notOnSerial: 'must be empty on a serial port',
  onSerialOnly: 'must be empty unless the transport is rtu',
  reachedByLine: (place: string, line: string) => `${place} is reached by the line "${line}" already: put the meters on that one`,
  reachedElsewhere: (place: string) => `${place} is reached by a line of another building already: put the meters on that one`,
};

type Sentence<T> = T extends (...values: infer Values) => string ? (...values: Values) => string : string;
/** Every list has every sentence: one without words in a language does not compile. */
export type Sentences = { readonly [Name in keyof typeof en]: Sentence<(typeof en)[Name]> };
