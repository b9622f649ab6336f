package pgcrypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// how is the type of encrypt(): algorithm[-mode][/pad:padding].
type how struct{ ecb, padded bool }

// parseHow reads it: AES alone, in CBC and ECB mode. What else pgcrypto names is 0A000:
// Blowfish, DES and 3DES, which today's OpenSSL refuses too.
func parseHow(text string) (how, error) {
	bad := func(why string) (how, error) {
		return how{}, pgerr.New(pgerr.InvalidParameterValue, "Cannot use \"%s\": %s", strings.ToLower(text), why)
	}
	out := how{padded: true}
	algorithm, options, _ := strings.Cut(strings.ToLower(text), "/")
	for _, option := range strings.FieldsFunc(options, func(r rune) bool { return r == '/' }) {
		switch {
		case option == "pad:none":
			out.padded = false
		case option == "pad:pkcs":
		case strings.HasPrefix(option, "pad:"):
			return bad("No such cipher algorithm")
		default:
			return bad("Unknown option")
		}
	}
	switch algorithm {
	case "aes", "aes-cbc", "rijndael", "rijndael-cbc":
	case "aes-ecb", "rijndael-ecb":
		out.ecb = true
	case "bf", "bf-cbc", "bf-ecb", "bf-cfb", "blowfish", "des", "des-cbc", "des-ecb", "3des", "des3", "3des-cbc", "3des-ecb", "des3-cbc", "des3-ecb", "cast5", "cast5-cbc", "cast5-ecb":
		return how{}, pgerr.Unsupported("cipher %s", algorithm)
	default:
		return bad("No such cipher algorithm")
	}
	return out, nil
}

// block is the cipher of a key, which is filled up with zeros to the next size.
func block(key []byte) cipher.Block {
	size := 16
	for size < len(key) && size < 32 {
		size += 8
	}
	full := make([]byte, size)
	copy(full, key)
	b, _ := aes.NewCipher(full) // the size is one of its
	return b
}

// modes are the block modes for one direction; a missing or short iv is zeros.
func (h how) mode(key, iv []byte, decrypting bool) cipher.BlockMode {
	b := block(key)
	full := make([]byte, aes.BlockSize)
	copy(full, iv)
	switch {
	case h.ecb:
		return ecb{b, decrypting}
	case decrypting:
		return cipher.NewCBCDecrypter(b, full)
	}
	return cipher.NewCBCEncrypter(b, full)
}

// ecb is each block for itself.
type ecb struct {
	cipher.Block
	decrypting bool
}

// CryptBlocks implements cipher.BlockMode.
func (m ecb) CryptBlocks(dst, src []byte) {
	for i := 0; i < len(src); i += aes.BlockSize {
		if m.decrypting {
			m.Decrypt(dst[i:], src[i:])
		} else {
			m.Encrypt(dst[i:], src[i:])
		}
	}
}

func encrypt(data, key, iv []byte, text string) ([]byte, error) {
	h, err := parseHow(text)
	if err != nil {
		return nil, err
	}
	if h.padded {
		n := aes.BlockSize - len(data)%aes.BlockSize
		data = append(bytes.Clone(data), bytes.Repeat([]byte{byte(n)}, n)...)
	}
	if len(data)%aes.BlockSize != 0 {
		return nil, failed("encrypt error: Encryption failed")
	}
	out := make([]byte, len(data))
	h.mode(key, iv, false).CryptBlocks(out, data)
	return out, nil
}

func decrypt(data, key, iv []byte, text string) ([]byte, error) {
	h, err := parseHow(text)
	if err != nil {
		return nil, err
	}
	if len(data)%aes.BlockSize != 0 || h.padded && len(data) == 0 {
		return nil, failed("decrypt error: Decryption failed")
	}
	out := make([]byte, len(data))
	h.mode(key, iv, true).CryptBlocks(out, data)
	if !h.padded {
		return out, nil
	}
	n := int(out[len(out)-1])
	if n < 1 || n > aes.BlockSize || !bytes.Equal(out[len(out)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, failed("decrypt error: Decryption failed")
	}
	return out[:len(out)-n], nil
}
