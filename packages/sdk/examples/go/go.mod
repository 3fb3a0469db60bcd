module example.com/bastionary-license

go 1.22
