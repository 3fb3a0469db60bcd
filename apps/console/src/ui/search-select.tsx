import { Select, type SelectProps } from '@mantine/core';
import classes from './search-select.module.css';

type Props = Pick<SelectProps, 'label' | 'description' | 'placeholder' | 'error' | 'required' | 'disabled' | 'data'> & {
  /** Empty: nothing is chosen. */
  value: string;
  onChange: (value: string) => void;
  clearable?: boolean;
};

/** One of many: typing narrows them down. */
export const SearchSelect = ({ value, onChange, clearable = false, ...rest }: Props) => (
  <Select
    searchable
    clearable={clearable}
    clearSectionMode="clear"
    clearButtonProps={{ 'aria-label': `${rest.label}: choose none`, 'aria-hidden': false, tabIndex: 0, size: '1.5rem' }}
    nothingFoundMessage="Nothing is called like this."
    allowDeselect={false}
    checkIconPosition="right"
    spellCheck={false}
    // Within the landmark of its field; and Mantine's scroll area would want styles at run time.
    withScrollArea={false}
    comboboxProps={{ withinPortal: false, keepMounted: false }}
    classNames={{ dropdown: classes.dropdown }}
    value={value === '' ? null : value}
    onChange={(chosen) => onChange(chosen ?? '')}
    {...rest}
  />
);
