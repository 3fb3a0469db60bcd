import type { CreateCustomerRequest } from '@bastionary/contracts/customers';

interface DemoCustomer {
  /** The short name by which the rest of the data speaks of it. */
  readonly key: string;
  readonly since: number;
  readonly request: CreateCustomerRequest;
}

type Row = readonly [
  key: string,
  daysAgo: number,
  name: string,
  country: string,
  currency: string,
  zone: string,
  taxId?: string,
];

// Names and domains are invented; the domains are reserved for examples (RFC 2606) and belong to nobody.
const ROWS: readonly Row[] = [
  ['nordlicht', 228, 'Nordlicht Logistik GmbH', 'DE', 'EUR', 'Europe/Berlin', 'DE811907980'],
  ['harbour', 221, 'Harbour & Finch Ltd', 'GB', 'GBP', 'Europe/London', 'GB482733019'],
  ['atelier', 214, 'Atelier Mercier SARL', 'FR', 'EUR', 'Europe/Paris', 'FR40512783604'],
  ['bluepine', 205, 'Bluepine Analytics Inc.', 'US', 'USD', 'America/New_York'],
  ['sakura', 197, 'Sakura Systems K.K.', 'JP', 'JPY', 'Asia/Tokyo'],
  ['alpenrad', 190, 'Alpenrad AG', 'CH', 'CHF', 'Europe/Zurich', 'CHE-114.556.203'],
  ['kestrel', 182, 'Kestrel Robotics', 'US', 'USD', 'America/Los_Angeles'],
  ['lindgren', 174, 'Lindgren & Söner AB', 'SE', 'SEK', 'Europe/Stockholm', 'SE556677889901'],
  ['monsoon', 166, 'Monsoon Payments Pvt Ltd', 'IN', 'INR', 'Asia/Kolkata'],
  ['coral', 159, 'Coral Bay Travel Pty Ltd', 'AU', 'AUD', 'Australia/Sydney'],
  ['ipe', 151, 'Ipê Agro Ltda', 'BR', 'BRL', 'America/Sao_Paulo'],
  ['maple', 143, 'Maple & Stone Realty', 'CA', 'CAD', 'America/Toronto'],
  ['tulipa', 135, 'Tulipa Bloemen B.V.', 'NL', 'EUR', 'Europe/Amsterdam', 'NL859322184B01'],
  ['sierra', 127, 'Sierra Clínica S.L.', 'ES', 'EUR', 'Europe/Madrid', 'ESB86420975'],
  ['vistula', 118, 'Vistula Software sp. z o.o.', 'PL', 'EUR', 'Europe/Warsaw', 'PL5252839470'],
  ['clover', 109, 'Clover Field Foods', 'IE', 'EUR', 'Europe/Dublin', 'IE3668997OH'],
  ['fjord', 99, 'Fjord Energi AS', 'NO', 'EUR', 'Europe/Oslo'],
  ['savanna', 88, 'Savanna Mobile Ltd', 'KE', 'USD', 'Africa/Nairobi'],
  ['pampa', 76, 'Pampa Datos S.A.', 'AR', 'USD', 'America/Argentina/Buenos_Aires'],
  ['danube', 63, 'Danube Media Kft.', 'HU', 'EUR', 'Europe/Budapest'],
  ['kiwi', 51, 'Kiwi Grid Ltd', 'NZ', 'AUD', 'Pacific/Auckland'],
  ['prairie', 38, 'Prairie Wind Co-op', 'US', 'USD', 'America/Chicago'],
  ['lagoon', 24, 'Lagoon Hotels Lda', 'PT', 'EUR', 'Europe/Lisbon', 'PT509442013'],
  ['aurora', 9, 'Aurora Health Oy', 'FI', 'EUR', 'Europe/Helsinki'],
  ['quartz', 4, 'Quartz Studio', 'AT', 'EUR', 'Europe/Vienna'],
];

export const CUSTOMERS: readonly DemoCustomer[] = ROWS.map(
  ([key, since, name, country, currency, time_zone, tax_id], index) => ({
    key,
    since,
    request: {
      name,
      email: `billing@${key}.example`,
      country,
      currency,
      time_zone,
      external_id: `C-${10_241 + index * 7}`,
      ...(tax_id !== undefined && { tax_id }),
      ...(index % 4 === 0 && { metadata: { segment: index % 8 === 0 ? 'strategic' : 'mid-market' } }),
    },
  }),
);
