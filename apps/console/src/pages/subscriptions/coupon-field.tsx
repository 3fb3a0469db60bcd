import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { couponsQuery } from '../../api/billing-terms';
import { usePermission } from '../../api/session';
import { Panel } from '../../ui/panel';
import { couponWords } from '../billing-terms/coupon-words';

type Props = {
  value: string;
  onChange: (key: string) => void;
  /** Of the customer: an amount in another is never taken off. */
  currency: string | undefined;
  error: string | undefined;
};

/** A coupon for the new subscription; nothing where there is none to give. */
export const CouponField = ({ value, onChange, currency, error }: Props) => {
  const mayRead = usePermission('billing:read');
  const mayGive = usePermission('billing:write');
  const offered = useQuery({ ...couponsQuery, enabled: mayRead && mayGive }).data?.filter(
    (coupon) =>
      coupon.retired_at === null &&
      (coupon.currency === null || currency === undefined || coupon.currency === currency),
  );
  if (!offered || offered.length === 0) return null;
  return (
    <Panel title="Discount">
      <NativeSelect
        label="Coupon"
        description="Of this subscription alone; it is taken off from the first invoice on."
        data={[
          { value: '', label: 'None' },
          ...offered.map((coupon) => ({ value: coupon.key, label: `${coupon.name}: ${couponWords(coupon)}` })),
        ]}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
    </Panel>
  );
};
