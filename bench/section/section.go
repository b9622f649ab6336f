package section

import (
	"fmt"
	"os"
	"strings"
)

// Replace puts text between the page's marks of that name.
func Replace(path, name, text string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	begin, end := fmt.Sprintf("<!-- %s:begin, written by make %[1]s -->\n", name), fmt.Sprintf("<!-- %s:end -->", name)
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		return fmt.Errorf("%s has no section %q", path, strings.TrimSpace(begin))
	}
	return os.WriteFile(path, []byte(before+begin+text+end+after), 0o644)
}
