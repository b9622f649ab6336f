module tap

go 1.26
