export type EtlType = 'uint8' | 'uint16' | 'uint32' | 'float32' | 'float64' | 'text' | 'bytes';

/** One value in a body, big-endian. */
export interface EtlField {
  name: string;
  /** In English; null for what nobody has explained. */
  meaning: string | null;
  type: EtlType;
  offset: number;
  bytes: number;
}

export interface EtlKind {
  id: number;
  name: string;
  /** The sizes that a body may have; null where any will do. */
  sizes: readonly number[] | null;
  fields: readonly EtlField[];
}

type Named = readonly [name: string, meaning: string | null];

export const ETL_ALARMS = 30;

const NUMBERS: Record<string, { type: EtlType; bytes: number }> = {
  B: { type: 'uint8', bytes: 1 },
  H: { type: 'uint16', bytes: 2 },
  I: { type: 'uint32', bytes: 4 },
  f: { type: 'float32', bytes: 4 },
  d: { type: 'float64', bytes: 8 },
};

// An older form ends before the alarms of the two SIM cards.
const ALARMS_BEFORE_SIM = 19;

const THREE_PHASE: readonly Named[] = [
  ...perPhase('potenza_attiva', 'active power'),
  ...perPhase('potenza_reattiva', 'reactive power'),
  ...perPhase('potenza_apparente', 'apparent power'),
  ...perPhase('fattore_potenza', 'power factor', 'trifase'),
  ['tensione_rn', 'voltage, L1 to N'],
  ['tensione_sn', 'voltage, L2 to N'],
  ['tensione_tn', 'voltage, L3 to N'],
  ['tensione_rs', 'voltage, L1 to L2'],
  ['tensione_st', 'voltage, L2 to L3'],
  ['tensione_tr', 'voltage, L3 to L1'],
  ['corrente_r', 'current, L1'],
  ['corrente_s', 'current, L2'],
  ['corrente_t', 'current, L3'],
  ['frequenza_rete', 'grid frequency'],
  ...perPhase('energia_attiva_prelievo', 'active energy, import'),
  // One s only: so the meters' table has it.
  ...perPhase('energia_attiva_immisione', 'active energy, export'),
  ...perPhase('energia_reattiva_prelievo', 'reactive energy, import'),
  ...perPhase('energia_reattiva_immissione', 'reactive energy, export'),
];

const SINGLE_PHASE: readonly Named[] = [
  ['potenza_attiva', 'active power'],
  ['potenza_reattiva', 'reactive power'],
  ['potenza_apparente', 'apparent power'],
  ['fattore_potenza', 'power factor'],
  ['tensione_fase', 'voltage'],
  ['corrente_fase', 'current'],
  ['frequenza_rete', 'grid frequency'],
  ['energia_attiva_prelievo', 'active energy, import'],
  ['energia_attiva_immisione', 'active energy, export'],
  ['energia_reattiva_prelievo', 'reactive energy, import'],
  ['energia_reattiva_immissione', 'reactive energy, export'],
];

const ALARMS: readonly Named[] = [
  ['sovra_o_sotto_tensione', 'over- or under-voltage'],
  ['inversione_fasi', 'phases inverted'],
  ['overflow_tensione', 'voltage overflow'],
  ['bassa_tensione', 'low voltage'],
  ['alta_tensione', 'high voltage'],
  ['alta_tensione_base10min', 'high voltage over ten minutes'],
  ['sovra_frequenza_rete', 'over-frequency'],
  ['sotto_frequenza_rete', 'under-frequency'],
  ['basso_fattore_potenza', 'low power factor'],
  ['supero_pmax_%', 'maximum power exceeded'],
  ['intervento_limitatore', 'limiter tripped'],
  ['corruzione_registri_energia', 'energy registers corrupted'],
  ['manomissione', 'tampering'],
  ['problemi_rete_2g3g', '2G/3G network trouble'],
  ['contatore_non_riconosciuto', 'meter not recognised'],
  ['switch_user_leds', 'user LEDs switched'],
  ['no_power', 'power lost'],
  ['usb_removed', 'USB removed'],
  ['supero_pmax_contr_%', 'contract power exceeded'],
  ['supero_traffico_sim1', 'traffic of SIM 1 exceeded'],
  ['supero_traffico_sim2', 'traffic of SIM 2 exceeded'],
];

const MD5: Named = ['md5_reference', 'MD5 reference of a reply'];
const SYSTEM = 'freq_agg_reg tempo_ante_spegnimento durata_registro_num_allarmi numero_messaggi_max indicatore_zona';
const PERIODS = 'tt*2 te*2 tq*2 tm*2 ta*2';
const POWER =
  'potenza_contrattuale max_potenza_contrattuale max_potenza_tollerata sgancio_per_supero_potenza tempo_min_ante_sgancio ' +
  'cost_algoritmo_limitatore tensione_nominale tensione_massima_ammessa tensione_minima_ammessa base_calcolo_tens_quality ' +
  'freq_nominale profilo_utenza base_calcolo_pot_max';
const THRESHOLDS =
  'allarme_bassa_tensione allarme_alta_tensione allarme_alta_tensione_10min allarme_alta_frequenza allarme_bassa_frequenza ' +
  'allarme_basso_fattore_potenza allarme_supero_traffico_sim1 allarme_supero_traffico_sim2';
const YEAR_TABLE = 'tabella_oraria_annuale*3';
const LOAD =
  'intensita_del_campo_di_ricezione %ram_occupata %cpu_istantanea cpu_load_avg*3 %disco_occupato_per_ogni_partizione ' +
  'traffico_trasmesso traffico_ricevuto';
const QUALITY =
  'campioni_intervallo_vmax_min tensione_minima_settimanale tensione_massima_settimanale num_int_tensione_int_vmax_min ' +
  'num_int_tensione_sotto_vmin';

// Formats are those of the predecessor, but for `r`, bytes that belong together: it took an MD5 as two numbers under one name,
// which pushed every name behind it one value on.
const KINDS: readonly EtlKind[] = [
  kind(2, 'GET_INFO_SYS_RSP', '16r12sB12s', [MD5, ...named('matricola modello info_herholtd')]),
  // Its table also names a keep_alive, between zone and address, for which the format has no room.
  kind(4, 'GET_PARAM_SYS_RSP', '16r2H2Bc50s', [MD5, ...named(`${SYSTEM} indirizzo_datacenter`)]),
  kind(7, 'GET_PARAMETERS_RSP', '16rcBcBcBcBcBH2B4H2B2H3sH', [MD5, ...named(`${PERIODS} ${POWER}`)]),
  kind(11, 'GET_DEFAULT_PARAMETERS_RSP', '16rcBcBcBcBcBH2B4H2B2H3cH6B2f2H2Bc50s56r35r61r', [
    MD5,
    ...named(`${PERIODS} ${POWER} ${THRESHOLDS} ${SYSTEM} indirizzo_data_center ${YEAR_TABLE}`),
  ]),
  kind(14, 'TAB_ORARIA_RSP', '16r56r35r61r', [MD5, ...named(YEAR_TABLE)]),
  kind(17, 'GET_INFO_DATA_TRIFASE_RSP', '16r26f16d', [MD5, ...THREE_PHASE]),
  kind(18, 'INFO_DATA_TRIFASE', '26f16d', THREE_PHASE),
  kind(20, 'GET_INFO_DATA_MONOFASE_RSP', '16r7f4d', [MD5, ...SINGLE_PHASE]),
  kind(21, 'INFO_DATA_MONOFASE', '7f4d', SINGLE_PHASE),
  ofAnySize(23, 'GET_REGISTRO_CONS_36GG_RSP'),
  kind(25, 'GET_REGISTRO_CONS_FASCE_RSP', '16r16d', [
    MD5,
    ...named('registro_en_attiva_prelievo*4 registro_en_attiva_immissione*4'),
    ...named('registro_en_reattiva_prelievo*4 registro_en_reattiva_immissione*4'),
  ]),
  ofAnySize(27, 'GET_REGISTRO_ALLARMI_RSP'),
  kind(29, 'GET_ALARMS_RSP', '16r21B', [MD5, ...ALARMS]),
  kind(ETL_ALARMS, 'ALARMS', '21B', ALARMS, [ALARMS_BEFORE_SIM]),
  kind(31, 'RESET_ALARMS', '21B', ALARMS),
  kind(33, 'GET_SOGLIE_RSP', '16r6B2f', [MD5, ...named(THRESHOLDS)]),
  kind(36, 'GET_VER_FIRM_RSP', '16r2B', [MD5, ...named('versione_firmware*2')]),
  kind(38, 'GET_MONITORING_RSP', '16r3B3fB2I', [MD5, ...named(LOAD)]),
  kind(39, 'MSG_MONITORING', '3B3fB2I', named(LOAD)),
  kind(41, 'GET_QUALITY_RSP', '16rB2f2H', [MD5, ...named(QUALITY)]),
  kind(42, 'MSG_QUALITY', 'B2I2H', named(QUALITY)),
  kind(45, 'MSG_METEO', '6H', named('solar_radiation temperature pressure relative_humidity wind_direction wind_velocity')),
  kind(47, 'BOOT_MSG', '19r', named('boot')),
];

/** All kinds there are, by their id. */
export const ETL_KINDS: ReadonlyMap<number, EtlKind> = new Map(KINDS.map((known) => [known.id, known]));

/** What has no name. */
export function namelessValue(place: number): string {
  return `value_${place + 1}`;
}

function perPhase(name: string, meaning: string, total = 'sum'): readonly Named[] {
  return [
    [`${name}_r`, `${meaning}, L1`],
    [`${name}_s`, `${meaning}, L2`],
    [`${name}_t`, `${meaning}, L3`],
    [`${name}_${total}`, `${meaning}, total`],
  ];
}

/** `tt*2` is one name of the table over two values. */
function named(names: string): readonly Named[] {
  return names.split(' ').flatMap((each) => {
    const [name = '', times] = each.split('*');
    if (times === undefined) return [[name, null] as const];
    return Array.from({ length: Number(times) }, (_, place) => [`${name}_${place + 1}`, null] as const);
  });
}

function kind(id: number, name: string, format: string, names: readonly Named[], olderSizes: readonly number[] = []): EtlKind {
  const fields: EtlField[] = [];
  let offset = 0;
  for (const { type, bytes } of valuesOf(format)) {
    const [fieldName, meaning] = names[fields.length] ?? [namelessValue(fields.length), null];
    fields.push({ name: fieldName, meaning, type, offset, bytes });
    offset += bytes;
  }
  return { id, name, sizes: [...olderSizes, offset], fields };
}

/** The predecessor has no format for them. */
function ofAnySize(id: number, name: string): EtlKind {
  return { id, name, sizes: null, fields: [] };
}

/** A count before a letter repeats a number, and is the length of a text or of bytes. */
function valuesOf(format: string): { type: EtlType; bytes: number }[] {
  return [...format.matchAll(/(\d*)([a-zA-Z])/g)].flatMap(([, count = '', letter = '']) => {
    const times = count === '' ? 1 : Number(count);
    const number = NUMBERS[letter];
    return number === undefined ? [{ type: letter === 'r' ? 'bytes' : 'text', bytes: times }] : Array.from({ length: times }, () => number);
  });
}
