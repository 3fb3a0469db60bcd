import { ActionIcon, Button, Input, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import classes from './list-field.module.css';

type Props = {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  /** Shown instead of the items while there are none. */
  emptyText: string;
  value: string[];
  onChange: (value: string[]) => void;
  /** What is wrong with an item; null if nothing is. */
  check?: (item: string) => string | null;
  suggestions?: { value: string; label: string }[];
  error?: ReactNode;
  isReadOnly?: boolean;
};

/** A list of short texts: added with Enter, pasted several at once, taken away one by one. */
export const ListField = ({
  label,
  description,
  placeholder,
  emptyText,
  value,
  onChange,
  check = () => null,
  suggestions,
  error,
  isReadOnly = false,
}: Props) => {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);

  const add = () => {
    const items = typed.split(/[\s,;]+/).filter((item) => item !== '' && !value.includes(item));
    const wrong = items.map((item) => check(item)).find((found) => found !== null);
    setFault(wrong ?? null);
    if (wrong || items.length === 0) return;
    onChange([...value, ...new Set(items)]);
    setTyped('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  const remove = (item: string) => {
    onChange(value.filter((each) => each !== item));
    input.current?.focus();
  };

  return (
    <Input.Wrapper label={label} description={description} id={id} labelProps={{ htmlFor: `${id}-input` }}>
      <ul className={classes.items} aria-label={label}>
        {value.map((item) => (
          <li key={item} className={classes.item}>
            <code>{item}</code>
            {!isReadOnly && (
              <ActionIcon
                size={24}
                variant="subtle"
                color="gray"
                aria-label={`Remove ${item}`}
                onClick={() => remove(item)}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
        {value.length === 0 && <li className={classes.empty}>{emptyText}</li>}
      </ul>
      {!isReadOnly && (
        <div className={classes.add}>
          <TextInput
            ref={input}
            id={`${id}-input`}
            className={classes.input}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
            list={suggestions ? `${id}-suggestions` : undefined}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setFault(null);
            }}
            onKeyDown={onKeyDown}
            error={fault ?? error}
          />
          <Button
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={add}
            disabled={!typed.trim()}
          >
            Add
          </Button>
          {suggestions && (
            <datalist id={`${id}-suggestions`}>
              {suggestions.map((suggestion) => (
                <option key={suggestion.value} value={suggestion.value}>
                  {suggestion.label}
                </option>
              ))}
            </datalist>
          )}
        </div>
      )}
    </Input.Wrapper>
  );
};
